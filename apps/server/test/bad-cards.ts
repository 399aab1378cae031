import type { BadInput } from './bad-inputs.ts'

// Cards that can not be sold as they are, and what whoever publishes them is told.

const PUBLISH = `mutation ($input: RateCardInput!) { publishRateCard(input: $input) { version } }`

const rate = { code: 'r', name: 'R', meter: 'character_generation', creditType: 'credits' }

const publishing = (more: object, fault: string): BadInput => ({
  document: PUBLISH,
  variables: { input: { code: 'new', name: 'New', ...more } },
  fault,
})

const fixed = (price: object, more: object = {}) => ({ fixedRates: [{ code: 'f', name: 'F', price, ...more }] })
const tiers = (...list: object[]) => ({ tiers: list })

export const BAD_CARDS: Readonly<Record<string, BadInput>> = {
  'publishRateCard: an unknown meter': publishing(
    { usageRates: [{ ...rate, meter: 'nothing' }] },
    'NOT_FOUND usageRates.0.meter',
  ),
  'publishRateCard: an unknown credit type': publishing(
    { allowances: [{ creditType: 'gold', amount: '1' }] },
    'NOT_FOUND allowances.0.creditType',
  ),
  'publishRateCard: overage without a price': publishing(
    { usageRates: [{ ...rate, overage: 'CHARGE' }] },
    'INVALID_INPUT usageRates.0.overagePrice',
  ),
  'publishRateCard: two prices in one': publishing(
    { fixedRates: [{ code: 'f', name: 'F', price: { flat: { amount: '1' }, package: { amount: '1', units: '1' } } }] },
    'INVALID_INPUT fixedRates.0.price',
  ),
  'publishRateCard: a negative price': publishing(
    { fixedRates: [{ code: 'f', name: 'F', price: { flat: { amount: '-1' } } }] },
    'INVALID_INPUT fixedRates.0.price.flat.amount',
  ),
  'publishRateCard: tiers that overlap': publishing(
    fixed({ graduated: tiers({ upTo: '10', unit: '1' }, { upTo: '10', unit: '2' }, { unit: '3' }) }),
    'INVALID_INPUT fixedRates.0.price.graduated.tiers.1.upTo',
  ),
  'publishRateCard: tiers out of order': publishing(
    fixed({ volume: tiers({ upTo: '100', unit: '1' }, { upTo: '10', unit: '2' }, { unit: '3' }) }),
    'INVALID_INPUT fixedRates.0.price.volume.tiers.1.upTo',
  ),
  'publishRateCard: a last tier that ends': publishing(
    fixed({ graduated: tiers({ upTo: '10', unit: '1' }) }),
    'INVALID_INPUT fixedRates.0.price.graduated.tiers.0.upTo',
  ),
  'publishRateCard: credits by volume': publishing(
    { usageRates: [{ ...rate, creditCost: { volume: tiers({ unit: '1' }) } }] },
    'INVALID_INPUT usageRates.0.creditCost',
  ),
  'publishRateCard: overage by the event': publishing(
    { usageRates: [{ ...rate, overage: 'CHARGE', overagePrice: { percentage: { percent: '1' } } }] },
    'INVALID_INPUT usageRates.0.overagePrice',
  ),
  'publishRateCard: two rates with one code': publishing(
    { ...fixed({ flat: { amount: '1' } }, { code: rate.code }), usageRates: [rate] },
    'INVALID_INPUT fixedRates',
  ),
  'publishRateCard: no such currency': publishing({ currency: 'XXQ' }, 'INVALID_INPUT currency'),
  'publishRateCard: another currency than its subscribers have': publishing(
    { code: 'free', currency: 'EUR' },
    'INVALID_INPUT currency',
  ),
  'publishRateCard: a cap without rolling over': publishing(
    { allowances: [{ creditType: 'credits', amount: '1', rolloverCap: '5' }] },
    'INVALID_INPUT allowances.0.rolloverCap',
  ),
  'publishRateCard: credits for each of no rate': publishing(
    { allowances: [{ creditType: 'credits', amount: '1', perQuantityOf: 'seats' }] },
    'INVALID_INPUT allowances.0.perQuantityOf',
  ),
  'publishRateCard: a trial of years': publishing({ trialDays: 1000 }, 'INVALID_INPUT trialDays'),
}
