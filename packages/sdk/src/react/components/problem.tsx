import type { FlorinError } from '../../client/errors.ts'
import type { Texts } from '../texts/texts-provider.tsx'
import { ActionButton } from './action-button.tsx'

/** What an error says to the customer. */
export const wordsOf = (error: FlorinError | null | undefined, { labels }: Texts): string | undefined =>
  error?.code === 'SIGNED_OUT' ? labels.signIn : error?.message

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
