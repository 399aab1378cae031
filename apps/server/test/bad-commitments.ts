import type { BadInput } from './bad-inputs.ts'
import { CANCEL_COMMITMENT, CREATE_COMMITMENT } from './committing.ts'

// What a caller may get wrong about a commitment.

const credits = { creditType: 'credits', amount: '100', unitPrice: '0.05' }
const money = { amount: '100.00', currency: 'USD' }

const committing = (more: object, fault: string): BadInput => ({
  document: CREATE_COMMITMENT,
  variables: {
    input: { customerId: 'ada', name: 'Contract', endsAt: '2099-01-01T00:00:00Z', idempotencyKey: 'new', ...more },
  },
  fault,
})
const ofCredits = (more: object, fault: string) => committing({ credits: { ...credits, ...more } }, fault)
const ofMoney = (more: object, fault: string) => committing({ money: { ...money, ...more } }, fault)

export const BAD_COMMITMENTS: Record<string, BadInput> = {
  'createCommitment: unknown customer': committing({ customerId: 'nobody', money }, 'NOT_FOUND customerId'),
  'createCommitment: neither credits nor money': committing({}, 'INVALID_INPUT credits'),
  'createCommitment: both of them': committing({ credits, money }, 'INVALID_INPUT credits'),
  'createCommitment: no name': committing({ name: '', money }, 'INVALID_INPUT name'),
  'createCommitment: a name with a NUL': committing({ name: 'a\u0000', money }, 'INVALID_INPUT name'),
  'createCommitment: an end in the past': committing({ endsAt: '2001-01-01T00:00:00Z', money }, 'INVALID_INPUT endsAt'),
  'createCommitment: an end before its start': committing(
    { startsAt: '2099-01-01T00:00:00Z', endsAt: '2098-01-01T00:00:00Z', money },
    'INVALID_INPUT endsAt',
  ),
  'createCommitment: no time at all': committing(
    { startsAt: '2098-01-01T00:00:00Z', endsAt: '2098-01-01T00:00:00Z', money },
    'INVALID_INPUT endsAt',
  ),
  'createCommitment: a start that is no instant': committing({ startsAt: 'soon', money }, 'INVALID_INPUT startsAt'),
  'createCommitment: an end that is no instant': committing(
    { endsAt: '2099-02-30T00:00:00Z', money },
    'INVALID_INPUT endsAt',
  ),
  'createCommitment: an empty key': committing({ money, idempotencyKey: '' }, 'INVALID_INPUT idempotencyKey'),
  'createCommitment: unknown credit type': ofCredits({ creditType: 'gold' }, 'NOT_FOUND credits.creditType'),
  'createCommitment: unknown meter': ofCredits({ appliesTo: ['nothing'] }, 'NOT_FOUND credits.appliesTo.0'),
  'createCommitment: unknown wallet': ofCredits({ walletId: 'wal_1' }, 'NOT_FOUND credits.walletId'),
  'createCommitment: no credits': ofCredits({ amount: '0' }, 'INVALID_INPUT credits.amount'),
  'createCommitment: negative credits': ofCredits({ amount: '-1' }, 'INVALID_INPUT credits.amount'),
  'createCommitment: a negative price': ofCredits({ unitPrice: '-0.05' }, 'INVALID_INPUT credits.unitPrice'),
  'createCommitment: a price of 10 decimals': ofCredits(
    { unitPrice: '0.0000000001' },
    'INVALID_INPUT credits.unitPrice',
  ),
  'createCommitment: more than an invoice can say': ofCredits(
    { amount: '1'.repeat(30), unitPrice: '1' },
    'INVALID_INPUT credits.unitPrice',
  ),
  'createCommitment: credits in no currency': ofCredits({ currency: 'XXQ' }, 'INVALID_INPUT credits.currency'),
  'createCommitment: no money': ofMoney({ amount: '0.00' }, 'INVALID_INPUT money.amount'),
  'createCommitment: negative money': ofMoney({ amount: '-1.00' }, 'INVALID_INPUT money.amount'),
  'createCommitment: half a cent': ofMoney({ amount: '0.005' }, 'INVALID_INPUT money.amount'),
  'createCommitment: money in no currency': ofMoney({ currency: 'usd' }, 'INVALID_INPUT money.currency'),
  'createCommitment: a customer for themselves': { ...committing({ money }, 'FORBIDDEN'), as: 'ada' },
  'cancelCommitment: unknown commitment': {
    document: CANCEL_COMMITMENT,
    variables: { id: 'com_1', key: 'new' },
    fault: 'NOT_FOUND commitmentId',
  },
}
