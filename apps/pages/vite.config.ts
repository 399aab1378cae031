import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/**
 * The server answers `/checkout/:token` with the built index.html, `/invoices/:token` with invoice.html, `/portal/:token` and
 * what is below it with portal.html, and everything under `/pages/` with their assets.
 */
export default defineConfig({
  base: '/pages/',
  plugins: [react()],
  // A strict content security policy allows no data: URLs, so that small assets stay files.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'invoice.html', 'portal.html'] },
  },
})
