import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** Whether the whole internet can reach this address; anything not known to be public is not (TRUST 7.2, SSRF 1–23). */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialV4.check(address)
  if (!isIPv6(address) || address.includes('%')) return false
  if (translatedV4.check(address, 'ipv6')) return isPublicAddress(lastFourBytes(address))
  return carvedOutV6.check(address, 'ipv6') || (allocatedV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6'))
}

export function isLoopbackAddress(address: string): boolean {
  return isIPv4(address) ? loopback.check(address) : isIPv6(address) && loopback.check(address, 'ipv6')
}

/** The IPv4 address inside a NAT64 or SIIT one. */
function lastFourBytes(address: string): string {
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':')
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16))
  return [high, low].flatMap((group = 0) => [group >> 8, group & 255]).join('.')
}

function ranges(text: string): BlockList {
  const list = new BlockList()
  for (const range of text.trim().split(/\s+/)) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), isIPv4(network) ? 'ipv4' : 'ipv6')
  }
  return list
}

const loopback = ranges('127.0.0.0/8 ::1/128')

// IANA's IPv4 special-purpose registry, multicast and reserved space, and Azure's wire server.
const specialV4 = ranges(`
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
  192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
`)

// NAT64's well-known prefix and SIIT.
const translatedV4 = ranges('64:ff9b::/96 ::ffff:0:0:0/96')

// The IPv6 unicast space that IANA has handed to registries.
const allocatedV6 = ranges(`
  2001:200::/23 2001:400::/23 2001:600::/23 2001:800::/22 2001:c00::/23 2001:e00::/23 2001:1200::/23 2001:1400::/22
  2001:1800::/23 2001:1a00::/23 2001:1c00::/22 2001:2000::/19 2001:4000::/23 2001:4200::/23 2001:4400::/23
  2001:4600::/23 2001:4800::/23 2001:4a00::/23 2001:4c00::/23 2001:5000::/20 2001:8000::/19 2001:a000::/20
  2001:b000::/20 2003::/18 2400::/12 2410::/12 2600::/12 2610::/23 2620::/23 2630::/12 2800::/12 2a00::/12 2a10::/12
  2c00::/12
`)
const specialV6 = ranges('2001:db8::/32')
// Globally reachable services inside the block kept for protocols.
const carvedOutV6 = ranges('2001:3::/32 2001:4:112::/48')
