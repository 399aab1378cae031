import { invalidRequest } from './api-error.ts'
import { type Reader, text } from './params.ts'

/** An address that a person is sent to: only the web, so that a link can't carry a script. */
export const webUrl: Reader<string> = (value, param) => {
  const url = text()(value, param)
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw invalidRequest('Not a valid URL', { code: 'url_invalid', param })
}
