import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import '@florin/sdk/styles.css'
import './styles/foundation.css'
import './styles/sign-up.css'
import './styles/studio.css'
import './styles/character.css'
import './styles/plans.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
