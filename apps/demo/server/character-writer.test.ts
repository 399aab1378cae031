import { expect, test } from 'vitest'
import { imagineCharacter, writeOut } from './character-writer.ts'

const PROMPT = 'a retired lighthouse keeper'

test('the same request is the same character: a retry shows what the first click wrote', () => {
  expect(imagineCharacter('click-1', PROMPT, 3)).toEqual(imagineCharacter('click-1', PROMPT, 3))
})

test('another click is another character', () => {
  const texts = Array.from({ length: 20 }, (_, n) => JSON.stringify(imagineCharacter(`click-${n}`, PROMPT, 3).parts))
  expect(new Set(texts).size).toBe(20)
})

test.each([
  [1, 3],
  [2, 6],
  [3, 9],
] as const)('size %i has %i parts', (size, parts) => {
  expect(imagineCharacter('click-1', PROMPT, size).parts).toHaveLength(parts)
})

test('no two quirks are the same', () => {
  for (let n = 0; n < 50; n += 1) {
    const texts = imagineCharacter(`click-${n}`, PROMPT, 3).parts.map(({ text }) => text)
    expect(new Set(texts).size).toBe(texts.length)
  }
})

test('the words that are sent make up the character', async () => {
  const character = imagineCharacter('click-1', PROMPT, 1)
  let written = ''
  for await (const { text } of writeOut(character, new AbortController().signal)) written += text
  expect(written).toBe(character.name + character.parts.map(({ text }) => text).join(''))
})

test('nobody reading ends the writing', async () => {
  const tokens = []
  for await (const token of writeOut(imagineCharacter('click-1', PROMPT, 3), AbortSignal.abort())) tokens.push(token)
  expect(tokens).toEqual([])
})
