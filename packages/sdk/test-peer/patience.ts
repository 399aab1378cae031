import { configure } from '@testing-library/dom'

// What is going to appear is waited for longer than a busy machine takes.
configure({ asyncUtilTimeout: 10_000 })
