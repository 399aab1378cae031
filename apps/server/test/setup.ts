import { tellFailures } from './tell-failures.ts'

tellFailures()
