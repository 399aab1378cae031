import { Notice } from './notice.tsx'

export function UnreachableView({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice
      tone="bad"
      title="We can’t reach the server"
      actions={
        <button type="button" className="button button-primary" onClick={onRetry}>
          Try again
        </button>
      }
    >
      <p>
        Please check your connection. If you have just paid, trying again shows how it went; you won’t be charged twice.
      </p>
    </Notice>
  )
}
