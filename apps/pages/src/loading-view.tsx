/** The shape of what is coming. It fades in late, so that a fast answer shows no flicker. */
export function LoadingView({ label }: { label: string }) {
  return (
    <section className="card skeleton" role="status">
      <span className="visually-hidden">{label}</span>
      <span className="skeleton-line skeleton-title" />
      <span className="skeleton-line skeleton-amount" />
      <span className="skeleton-line" />
      <span className="skeleton-line skeleton-button" />
    </section>
  )
}
