import { describe, expect, it } from 'vitest'
import { checkTaxId } from './check-tax-id.ts'

const faultOf = (id: string, country: string | null = null): string => {
  try {
    return `taken as ${checkTaxId(id, country)}`
  } catch (error) {
    return (error as Error).message
  }
}

describe('a VAT id of the European Union', () => {
  it.each([
    [' de136695976 ', 'DE136695976'],
    ['DE 136 695 976', 'DE136695976'],
    ['ATU13585627', 'ATU13585627'],
    ['BE 0428.759.497', 'BE0428759497'],
    ['EL094259216', 'EL094259216'],
    ['ESB58378431', 'ESB58378431'],
    ['FR40303265045', 'FR40303265045'],
    ['IE6433435F', 'IE6433435F'],
    ['IT00743110157', 'IT00743110157'],
    ['NL004495445B01', 'NL004495445B01'],
    ['PL8567346215', 'PL8567346215'],
    ['SE556188840401', 'SE556188840401'],
    ['XI980780684', 'XI980780684'],
  ])('%s is kept as %s', (text, kept) => expect(checkTaxId(text, null)).toBe(kept))

  it.each(['DE136695978', 'ATU13585626', 'FR84323140391', 'XI980780685'])('%s has a wrong digit', (id) =>
    expect(faultOf(id)).toContain(`"${id}" is not a VAT id of the European Union: a digit of it is wrong`),
  )

  it.each(['DE13669597', 'ATU1358562', 'NL004495445'])('%s has another length', (id) =>
    expect(faultOf(id)).toContain('another number of letters or digits'),
  )

  it('may be of another member state than the address', () =>
    expect(checkTaxId('DE136695976', 'PL')).toBe('DE136695976'))
})

describe('an id of another country', () => {
  it.each([
    ['12-3456789', 'US'],
    ['CHE-123.456.788 MWST', 'CH'],
    ['GB980780684', 'GB'],
    ['27AAPFU0939F1ZV', 'IN'],
    // A Mexican one, which begins as a German one would.
    ['DEL850101AB1', 'MX'],
    ['143/157/12345', 'DE'],
  ])('%s is taken as it is', (id, country) => expect(checkTaxId(id.toLowerCase(), country)).toBe(id))

  it.each(['', '   ', '123', 'ABCDEF', 'A'.repeat(30), '1'.repeat(31), '12\n345', '12;345', '-1234'])(
    '%j is none',
    (id) => expect(faultOf(id)).toContain('taxId is 4 to 30 letters and digits'),
  )
})
