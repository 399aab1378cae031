import * as operations from '../../generated/operations.ts'
import type { Request, RequestOptions } from '../transport.ts'

/** All renewals on the way are really carried out. Below the 300 s after which fetch in Node hangs up by itself. */
const ADVANCE_TIMEOUT_MS = 290_000

export const projectMethods = (request: Request) => ({
  /** Now, as this project sees it: real time, or the sandbox clock. */
  clock: async () => (await request(operations.ClockDocument, {})).clock,

  /**
   * Moves a sandbox's clock forward to an instant, at most five years a call, and resolves to it when all that falls due
   * on the way is done: renewals, payments and retries, in order for each customer. FORBIDDEN in a live project;
   * INVALID_INPUT on `to` for an instant that has passed.
   *
   * It takes as long as the work does: `timeoutMs` is 290,000 unless said otherwise, whatever the client's is. A lost
   * answer is not asked for again by itself, since the work goes on at the server: look at `clockProgress()` and `clock()`,
   * and call again where it isn't there yet. Nothing is done twice, and the same instant again gets the same answer.
   */
  advanceClock: async (to: string, { timeoutMs = ADVANCE_TIMEOUT_MS }: RequestOptions = {}) =>
    (await request(operations.AdvanceClockDocument, { to }, { timeoutMs })).advanceClock,

  /** How far the `advanceClock` has come that is running now; null while nobody moves the clock. */
  clockProgress: async () => (await request(operations.ClockProgressDocument, {})).clockProgress,

  /** How the project looks to its customers: name, logo, colour and links. */
  brand: async () => (await request(operations.BrandDocument, {})).brand,

  /**
   * Changes how hosted pages, invoices and e-mails look: what the input leaves out stays, null removes. `logo` is a data: URL of a PNG
   * or JPEG of at most 256 kB. INVALID_INPUT names the field and the remedy.
   */
  setBrand: async (input: operations.BrandInput) => (await request(operations.SetBrandDocument, { input })).setBrand,

  /** Who invoices are from: legal name, address, tax id. */
  seller: async () => (await request(operations.SellerDocument, {})).seller,

  /**
   * Changes that for invoices that are issued from now on: what the input leaves out stays, null removes. INVALID_INPUT names the field
   * and the remedy.
   */
  setSeller: async (input: operations.SellerInput) =>
    (await request(operations.SetSellerDocument, { input })).setSeller,

  /** Which e-mails customers get, and where their answers go. */
  emailSettings: async () => (await request(operations.EmailSettingsDocument, {})).emailSettings,

  /** Changes that: what the input leaves out stays, null is as it was at first (all kinds, the brand's `supportEmail`). */
  setEmailSettings: async (input: operations.EmailSettingsInput) =>
    (await request(operations.SetEmailSettingsDocument, { input })).setEmailSettings,

  /**
   * The tax on new invoices of customers who have none of their own (`upsertCustomer`); null: no tax. `percent` is 0 to
   * 100, "19" for 19 %: else INVALID_INPUT. Tax is the last line of an invoice (docs/decisions/0012); those that are issued stay
   * as they are.
   */
  setTaxRate: async (input: operations.TaxRateInput | null) =>
    (await request(operations.SetTaxRateDocument, { input })).setTaxRate,

  /**
   * Replaces the web origins that may call the API from a browser and that redirects may lead to, such as
   * "https://app.example.com". Localhost is one of them in a sandbox without being named.
   */
  setAllowedOrigins: async (origins: string[]) =>
    (await request(operations.SetAllowedOriginsDocument, { origins })).setAllowedOrigins,
})
