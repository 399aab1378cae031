/** What a customer has had already does not come again: source `docs/decisions/0014`. */
import { type Credits, smaller, subtract, ZERO } from './decimal.ts'

/** By credit type. */
export interface Withholding {
  /** What is left to grant; nothing where all is withheld. */
  readonly allowances: ReadonlyMap<string, Credits>
  readonly withheld: ReadonlyMap<string, Credits>
}

/** Takes what was spent already, by credit type and perhaps several times, off allowances, down to nothing. */
export function withholdSpent(
  allowances: ReadonlyMap<string, Credits>,
  spent: Iterable<readonly [creditType: string, amount: Credits]>,
): Withholding {
  const left = new Map(allowances)
  const withheld = new Map<string, Credits>()
  for (const [code, amount] of spent) {
    const available = left.get(code) ?? NOTHING
    const taken = smaller(available, amount)
    if (taken <= 0n) continue
    left.set(code, subtract(available, taken))
    withheld.set(code, ((withheld.get(code) ?? NOTHING) + taken) as Credits)
  }
  return { allowances: new Map([...left].filter(([, amount]) => amount > 0n)), withheld }
}

const NOTHING = ZERO as Credits
