/** The shape of a section that is coming. It fades in late, so that a fast answer shows no flicker. */
export function SectionLoading({ label }: { label: string }) {
  return (
    <div className="section-loading" role="status">
      <span className="visually-hidden">{label}</span>
      <span className="card section-loading-panel" />
      <span className="card section-loading-panel" />
    </div>
  )
}
