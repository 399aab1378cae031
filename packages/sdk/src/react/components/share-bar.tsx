/** A share of a whole as a bar. The words beside it say the same, so it is for eyes only. */
export const ShareBar = ({ share }: { share: number }) => (
  <svg className="florin-bar" aria-hidden="true" focusable="false">
    <rect className="florin-bar-track" width="100%" height="100%" />
    <rect className="florin-bar-fill" width={`${Math.round(share * 1000) / 10}%`} height="100%" />
  </svg>
)
