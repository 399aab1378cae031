import type { ActionFault } from './use-action.ts'

/** Why what was asked for could not be done, said at once. */
export function FaultMessage({ fault }: { fault: ActionFault | null }) {
  if (!fault) return null
  return (
    <p className="problem problem-bad" role="alert">
      {fault.sentence}
    </p>
  )
}
