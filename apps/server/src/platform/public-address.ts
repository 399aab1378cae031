import { BlockList, isIP } from 'node:net'

// What may be dialled at the word of a stranger: addresses of the public internet, and nothing else. The tables are IANA's
// registries of special-purpose addresses, and what clouds keep for themselves.

const DENIED_V4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT; metadata of some clouds
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // the host of virtual machines in Azure
  '169.254.0.0/16', // link-local; metadata of most clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments; metadata of some clouds
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]

/** Global unicast. All else is denied: loopback, unique local, link-local, multicast, mapped IPv4, NAT64 (64:ff9b::/96). */
const ALLOWED_V6 = '2000::/3'

const DENIED_V6 = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address inside
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
]

const denied = listOf([...DENIED_V4, ...DENIED_V6])
const allowedV6 = listOf([ALLOWED_V6])
const loopback = listOf(['127.0.0.0/8', '::1/128'])

/** Whether an address, as text, is one of the public internet. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  const family = familyOf(address)
  if (!family || denied.check(address, family)) return false
  return family === 'ipv4' || allowedV6.check(address, family)
}

/** Whether an address leads back to this machine. An IPv4 address inside an IPv6 one doesn't count. */
export function isLoopback(address: string): boolean {
  const family = familyOf(address)
  if (!family || (family === 'ipv6' && address.includes('.'))) return false
  return family === 'ipv4' ? loopback.check(address, family) : /^(0{0,4}:){2,7}0{0,3}1$/.test(address)
}

// An address with a zone ("fe80::1%eth0") is one of a local network.
function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = address.includes('%') ? 0 : isIP(address)
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6'
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), isIP(network) === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}
