import { serve } from '../program.ts'
import { generateLoad } from './generate-load.ts'

// The generator's own process: what it costs shows in no measured process.
serve(generateLoad)
