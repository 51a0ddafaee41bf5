import { describe, expect, it } from 'vitest'
import { isLoopbackAddress, isPublicAddress } from '#server/node/public-address.ts'

const words = (text: string) => text.trim().split(/\s+/)

describe('an address', () => {
  it.each(
    words(`
    93.184.216.34 8.8.8.8 169.253.255.255 169.255.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.167.255.255
    168.63.129.15 168.63.129.17 192.31.195.255 192.31.196.0 192.31.196.1 192.31.196.255 192.31.197.0 192.52.192.255
    192.52.193.0 192.52.193.1 192.52.193.255 192.52.194.0 192.175.47.255 192.175.48.0 192.175.48.1 192.175.48.255
    192.175.49.0 198.17.255.255 198.20.0.0 223.255.255.255
    2606:2800:220:1:248:1893:25c8:1946 2001:4860:4860::8888 2a00:1450:4001::1 2001:3::1
    2001:3:ffff:ffff:ffff:ffff:ffff:ffff 2001:4:112::1 2001:4:112:ffff:ffff:ffff:ffff:ffff 2620:4f:8000::1
    64:ff9b::5db8:d822 ::ffff:0:5db8:d822 ::ffff:0:192.31.196.1 ::ffff:0:192.52.193.1 ::ffff:0:192.175.48.1
    `),
  )('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each(
    words(`
    0.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.255 168.63.129.16
    169.254.0.0 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1
    198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 fd00::1 fd00:ec2::254 fc00::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 100::1 100:0:0:1::1 100:0:0:2::1
    2001::1 2001:0:a9fe:a9fe:: 2001:1::1 2001:1::2 2001:1::3 2001:1::4 2001:2::1 2001:2:ffff:ffff:ffff:ffff:ffff:ffff
    2001:4:111:ffff:ffff:ffff:ffff:ffff 2001:4:113:: 2001:10::1 2001:20::1 2001:30::1 2001:db8::1 3fff:: 3fff::1
    3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:1000:: 3ffe::1 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 5f00::1
    1::1 400::1 2000::1 4000::1 f000::1
    ::ffff:169.254.169.254 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::169.254.169.254 ::127.0.0.1 ::ffff:0:7f00:1
    ::ffff:0:a9fe:a9fe ::ffff:0:127.0.0.1 ::ffff:0:6464:64c8 ::ffff:0:a83f:8110 64:ff9b::a9fe:a9fe 64:ff9b::7f00:1
    64:ff9b::1 64:ff9b::6464:64c8 64:ff9b::a83f:8110 64:ff9b:1::1 64:ff9b:1::5db8:d822 64:ff9b:1::a00:1 2002:a9fe:a9fe::
    2002:7f00:1:: 2002:808:808::
    2130706433 0x7f000001 017700000001 127.1 0 localhost na.myconnectwise.net 1.2.3.4.5 :::1
    `),
  )('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it('on this machine is told from every other', () => {
    expect(['127.0.0.1', '127.0.0.53', '::1'].every(isLoopbackAddress)).toBe(true)
    expect(['10.0.0.1', '::2', '::ffff:10.0.0.1', 'localhost', ''].some(isLoopbackAddress)).toBe(false)
  })
})
