import type { Florin } from '@florin/sdk'
import { type Example, left, over, record, type Visit } from './example.ts'

// Free + overage. Models the page of a search and crawl API: so many requests a month cost nothing, then each has a price
// that falls with volume, and pages are sold by the thousand (after Tavily and You.com, November 2026).

async function publish(florin: Florin): Promise<void> {
  // A day's requests come as one event with their number.
  await florin.defineMeter({ code: 'search_requests', eventName: 'searches', aggregation: 'SUM', property: 'requests' })
  await florin.defineMeter({ code: 'search_pages', eventName: 'crawl', aggregation: 'SUM', property: 'pages' })
  await florin.publishRateCard({
    code: 'search_api',
    name: 'Search API',
    public: false, // beside the demo, whose own page shows the public ones
    usageRates: [
      {
        code: 'searches',
        name: 'Searches',
        meter: 'search_requests',
        includedUnits: '1000',
        overage: 'CHARGE',
        overagePrice: {
          graduated: {
            tiers: [
              { upTo: '10000', unit: '0.008' }, // 8.00 for 1,000
              { upTo: '50000', unit: '0.006' },
              { unit: '0.004' },
            ],
          },
        },
      },
      {
        code: 'pages',
        name: 'Pages',
        meter: 'search_pages',
        includedUnits: '500',
        overage: 'CHARGE',
        overagePrice: { package: { amount: '1.00', units: '1000', rounding: 'UP' } },
      },
    ],
  })
}

async function month({ florin, customerId }: Visit): Promise<void> {
  const searched = (day: string, requests: number) => ({
    customerId,
    eventName: 'searches',
    idempotencyKey: `searches of day ${day}`,
    properties: { requests },
  })
  const crawled = (site: string, pages: number) => ({
    customerId,
    eventName: 'crawl',
    idempotencyKey: `crawl of ${site}`,
    properties: { pages },
  })

  await florin.upsertCustomer({ id: customerId })
  await florin.subscribe({ customerId, rateCard: 'search_api' })

  // 6,500 + 7,000 + 8,000 + 9,500 = 31,000 searches; 2,000 + 1,250 + 251 = 3,501 pages
  await record(florin, [searched('1', 6500), searched('2', 7000), searched('3', 8000), searched('4', 9500)])
  await record(florin, [crawled('docs', 2000), crawled('blog', 1250), crawled('shop', 251)])
}

export const example: Example = {
  name: 'search-api',
  pitch: '1,000 searches and 500 pages a month are free, then a falling price a search and 1.00 per 1,000 pages',
  publish,
  month,
  expected: {
    invoices: [
      {
        // No bank card is on file, so nothing could be collected: the invoice waits for one, and dunning has begun.
        status: 'OPEN',
        lines: [
          // 31,000 − 1,000 free = 30,000: 10,000 × 0.008 = 80.00 and 20,000 × 0.006 = 120.00
          { description: 'Searches: overage', quantity: '30000', amount: '200.00' },
          // 3,501 − 500 free = 3,001: the fourth thousand has begun, 4 × 1.00
          { description: 'Pages: overage', quantity: '3001', amount: '4.00' },
        ],
        total: '204.00',
      },
    ],
    atMonthEnd: [over('search_requests', '30000'), over('search_pages', '3001')],
    afterRenewal: [left('search_requests', '1000'), left('search_pages', '500')], // a free allowance comes at once
    subscription: 'PAST_DUE',
  },
}
