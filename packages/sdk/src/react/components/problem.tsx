import type { Texts } from '../texts/texts-provider.tsx'
import { ActionButton } from './action-button.tsx'

/** What could not be loaded, and the way to try again. */
export const Problem = ({
  text,
  reload,
  texts,
}: {
  text: string
  reload?: (() => unknown) | undefined
  texts: Texts
}) => (
  <div className="florin-problem" role="alert">
    <p>{text}</p>
    {reload && (
      <ActionButton kind="plain" onClick={() => void reload()}>
        {texts.labels.tryAgain}
      </ActionButton>
    )}
  </div>
)
