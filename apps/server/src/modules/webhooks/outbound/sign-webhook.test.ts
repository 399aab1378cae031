import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { newWebhookSecret, signWebhook } from './sign-webhook.ts'

const body = '{"type":"invoice.paid","data":{"name":"Zoë"}}'

it('is verified by the library of the specification, with each of several secrets', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()]
  const headers = signWebhook(secrets, { id: 'evt_1', at: Date.now(), body })
  for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
  expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow(WebhookVerificationError)
  expect(() => new Webhook(secrets[0] as string).verify(`${body} `, headers)).toThrow(WebhookVerificationError)
})

it('signs the example of the specification as it says', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' }
  expect(signWebhook([secret], message)).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})
