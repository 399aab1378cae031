// What the browser tests sell: a base fee and seats, bundles beside them, and the same with a trial.

const METER = 'character_generation'
const usageRates = [{ code: 'generations', name: 'Generations', meter: METER, creditType: 'credits' }]
export const TEAM = {
  code: 'team',
  name: 'Team',
  description: 'For a studio that works together.',
  fixedRates: [
    { code: 'base', name: 'Team', price: { flat: { amount: '20.00' } } },
    { code: 'seats', name: 'Seats', price: { flat: { amount: '8.00' } }, defaultQuantity: 2 },
  ],
  usageRates,
  allowances: [{ creditType: 'credits', amount: '50', perQuantityOf: 'seats' }],
  bundles: [{ code: 'pack', name: '100 credits', creditType: 'credits', credits: '100', price: '10.00' }],
}
export const STUDIO = { ...TEAM, code: 'studio', name: 'Studio', trialDays: 14 }
