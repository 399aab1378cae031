import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter, Route, Routes } from 'react-router'
import { CheckoutPage } from './checkout/checkout-page.tsx'
import { DonePage } from './checkout/done-page.tsx'
import { InvoicePage } from './invoice/invoice-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import './styles/foundation.css'
import './styles/page.css'
import './styles/amounts.css'
import './styles/stepper.css'
import './styles/checkout.css'
import './styles/invoice.css'
import './styles/forced-colors.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <Routes>
        <Route path="/checkout/done" element={<DonePage />} />
        <Route path="/checkout/:token" element={<CheckoutPage />} />
        <Route path="/invoices/:token" element={<InvoicePage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </BrowserRouter>
  </StrictMode>,
)
