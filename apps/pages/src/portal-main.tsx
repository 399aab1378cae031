import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter, Route, Routes } from 'react-router'
import { NotFoundPage } from './not-found-page.tsx'
import { PortalPage } from './portal/portal-page.tsx'
import '@florin/sdk/styles.css'
import './styles/foundation.css'
import './styles/page.css'
import './styles/amounts.css'
import './styles/stepper.css'
import './styles/portal.css'
import './styles/portal-overview.css'
import './styles/portal-plan.css'
import './styles/portal-account.css'
import './styles/portal-usage.css'
import './styles/portal-invoices.css'
import './styles/portal-payment-methods.css'
import './styles/portal-top-ups.css'
import './styles/forced-colors.css'

const root = document.getElementById('root')
if (!root) throw new Error('portal.html has no #root')

createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <Routes>
        <Route path="/portal/:token/*" element={<PortalPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </BrowserRouter>
  </StrictMode>,
)
