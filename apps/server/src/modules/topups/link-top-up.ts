import { pageToken } from '../accounts/page-token.ts'
import type { Project } from '../accounts/viewer.ts'

/** Where the customer makes a top-up that could not be made without them. Good for as long as it has not been made. */
export function linkTopUp(publicUrl: string, project: Pick<Project, 'tokenSecret'>, dueId: string): string {
  return `${publicUrl}/top-ups/${pageToken('topUp', project, dueId)}`
}
