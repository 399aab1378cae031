import { expect, test } from 'vitest'
import { createSessions, userNamed } from './session.ts'

const ada = userNamed('Ada Lovelace')
const pairOf = (setCookie: string) => setCookie.split(';')[0] ?? ''

test('the same name is the same user, however it is written', () => {
  expect(userNamed('ada LOVELACE').id).toBe(ada.id)
  expect(userNamed('Ada Byron').id).not.toBe(ada.id)
})

test('a cookie brings its user back, beside other cookies', () => {
  const sessions = createSessions('secret')
  expect(sessions.userOf(`theme=dark; ${pairOf(sessions.cookieFor(ada))}`)).toEqual(ada)
})

test.each([
  ['no cookie', undefined],
  ['an ended session', 'persona='],
  ['a payload without a signature', pairOf(createSessions('secret').cookieFor(ada)).split('.')[0]],
  ['a signature of somebody else', pairOf(createSessions('other').cookieFor(ada))],
])('%s is nobody', (_what, cookies) => {
  expect(createSessions('secret').userOf(cookies)).toBeNull()
})

test('a cookie can not be turned into another user', () => {
  const sessions = createSessions('secret')
  const [, signed] = pairOf(sessions.cookieFor(ada)).split('.')
  const forged = Buffer.from(JSON.stringify(userNamed('Root'))).toString('base64url')
  expect(sessions.userOf(`persona=${forged}.${signed}`)).toBeNull()
})
