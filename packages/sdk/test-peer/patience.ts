// For test files that draw, of any package; the others have nothing to wait for on a page.
if (typeof document !== 'undefined') await import('./drawn.ts')

export {}
