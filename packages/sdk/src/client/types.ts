/** The nouns of the API under their own names. Decimals and instants are strings, exactly as Florin sent them. */
import type * as Generated from '../generated/operations.ts'

export type BillingState = Generated.BillingStateFieldsFragment
export type SubscriptionState = Generated.SubscriptionFieldsFragment
export type Balance = Generated.BalanceFieldsFragment
export type MeterState = BillingState['meters'][number]
export type FeatureState = Generated.FeatureFieldsFragment
export type AccessDecision = Generated.AccessDecisionFieldsFragment
export type Remedy = AccessDecision['remedies'][number]
export type PaymentMethod = Generated.PaymentMethodFieldsFragment
export type Money = Generated.MoneyFieldsFragment

export type RateCard = Generated.RateCardFieldsFragment
export type FixedRate = RateCard['fixedRates'][number]
export type UsageRate = RateCard['usageRates'][number]
export type Allowance = RateCard['allowances'][number]
export type Bundle = Generated.BundleFieldsFragment

export type Brand = Generated.BrandFieldsFragment
export type Customer = Generated.CustomerFieldsFragment
export type Address = Generated.AddressFieldsFragment
export type BillingDetails = Generated.BillingDetailsFieldsFragment
export type Seller = Generated.SellerFieldsFragment
export type TaxRate = Generated.TaxRateFieldsFragment
export type CustomerToken = Generated.CreateCustomerTokenMutation['createCustomerToken']
export type Wallet = Generated.WalletFieldsFragment
export type Grant = Generated.GrantFieldsFragment
export type Hold = Generated.HoldFieldsFragment
export type TopUpMonth = Generated.TopUpMonthsQuery['topUpMonths'][number]
export type AutoTopUp = Generated.AutoTopUpFieldsFragment
export type BalanceAlert = Generated.BalanceAlertFieldsFragment
export type Commitment = Generated.CommitmentFieldsFragment
export type Invoice = Generated.InvoiceFieldsFragment
export type InvoiceLine = Generated.InvoiceLineFieldsFragment
export type InvoiceParty = Generated.InvoicePartyFieldsFragment
export type CreditNote = Generated.CreditNoteFieldsFragment
export type Payment = Generated.PaymentFieldsFragment
export type Refund = Generated.RefundFieldsFragment
export type Dispute = Generated.DisputeFieldsFragment
export type LedgerEntry = Generated.LedgerQuery['ledger']['nodes'][number]
export type RecordedUsage = Generated.RecordedUsageFieldsFragment
export type ClockProgress = NonNullable<Generated.ClockProgressQuery['clockProgress']>
export type UsageBucket = Generated.UsageQuery['usage'][number]
export type UsageTotal = Generated.UsageTotalsQuery['usageTotals'][number]

export type RateCardChangePreview = Generated.PreviewRateCardChangeQuery['previewRateCardChange']
export type RateCardMigrationPreview = Generated.PreviewRateCardMigrationQuery['previewRateCardMigration']
export type RateCardMove = RateCardMigrationPreview['moves']['nodes'][number]

export type SubscriptionResult = Generated.SubscribeMutation['subscribe']
export type PurchaseResult = Generated.PurchaseBundleMutation['purchaseBundle']
export type ConsumePayload = Generated.ConsumePayloadFieldsFragment
export type CheckoutSession = Generated.CreateCheckoutSessionMutation['createCheckoutSession']

export type {
  AccessReason,
  AddressInput,
  BillingDetailsInput,
  CancelReason,
  CancelSubscriptionInput,
  ChangeBehavior,
  ChangeRateCardInput,
  CheckoutSessionInput,
  CommitmentKind,
  CommitmentStatus,
  ConsumeInput,
  CreateCommitmentInput,
  CreditNoteInput,
  CustomerInput,
  GrantCreditsInput,
  Granularity,
  InvoiceStatus,
  MeterInput,
  MigrationMode,
  PauseSubscriptionInput,
  PaymentMethodType,
  PriceInput,
  PurchaseBundleInput,
  RateCardInput,
  RateQuantityInput,
  SellerInput,
  SubscribeInput,
  SubscriptionStatus,
  TaxMode,
  TaxRateInput,
  UsageEventInput,
} from '../generated/operations.ts'

/** An exact decimal: a string such as "0.003", or a whole number. Never a float. */
export type DecimalInput = string | number
