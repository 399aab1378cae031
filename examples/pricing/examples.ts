import { example as codingTeam } from './coding-team.ts'
import type { Example } from './example.ts'
import { example as modelApi } from './model-api.ts'
import { example as searchApi } from './search-api.ts'
import { example as speechPacks } from './speech-packs.ts'
import { example as videoStudio } from './video-studio.ts'

export const examples: readonly Example[] = [videoStudio, modelApi, codingTeam, speechPacks, searchApi]
