import { ViewHeading } from '../../view-heading.tsx'

type AwayViewProps = { url: string; popupOpened: boolean; onBack: () => void }

/** The provider's page doesn't allow frames, so that the payment happens in a window of its own. */
export function AwayView({ url, popupOpened, onBack }: AwayViewProps) {
  return (
    <section className="card notice">
      {popupOpened && <span className="spinner spinner-large" aria-hidden="true" />}
      <ViewHeading>{popupOpened ? 'Finish paying in the other window' : 'One more click'}</ViewHeading>
      <div className="notice-text">
        <p>
          {popupOpened
            ? 'We opened the payment page for you. This page goes on by itself as soon as you have paid.'
            : 'Your browser kept the payment page from opening. Open it here; this page goes on by itself.'}
        </p>
      </div>
      <div className="actions">
        <a className={`button button-${popupOpened ? 'plain' : 'primary'}`} href={url} target="_blank" rel="noopener">
          {popupOpened ? 'Open the payment page again' : 'Open the payment page'}
        </a>
        <button type="button" className="button button-plain" onClick={onBack}>
          Back to the order
        </button>
      </div>
    </section>
  )
}
