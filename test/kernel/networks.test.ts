import { BlockList, isIP } from 'node:net';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInNetwork, parseAddress, visitorOf } from '#kernel/networks.ts';

test.each([
  ['192.0.2.77', '192.0.2.0/24', true],
  ['192.0.3.1', '192.0.2.0/24', false],
  ['192.0.2.77', '192.0.2.77', true],
  ['192.0.2.77', '0.0.0.0/0', true],
  ['::ffff:192.0.2.77', '192.0.2.0/24', true],
  ['::ffff:c000:24d', '192.0.2.0/24', true],
  ['2001:db8:1::5', '2001:db8::/32', true],
  ['2001:db9::5', '2001:db8::/32', false],
  ['[2001:db8::5]', '2001:db8::5/128', true],
  ['fe80::1%eth0', 'fe80::/10', true],
  ['192.0.2.77', '2001:db8::/32', false],
  ['192.0.2.77', 'nonsense/24', false],
  ['192.0.2.77', '192.0.2.0/240', false],
])('%s in %s: %s', (address, network, inside) => {
  const parsed = parseAddress(address);
  expect(parsed !== null && isInNetwork(parsed, network)).toBe(inside);
});

test.each([
  '',
  'localhost',
  '256.0.0.1',
  '1.2.3',
  '01.2.3.4',
  '1.2.3.4.5',
  ':',
  ':::',
  '1::2::3',
  '12345::',
  '1:2:3:4:5:6:7',
  'g::1',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeNull();
});

test('agrees with the platform on every address and network', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.ipV6()),
      fc.oneof(fc.ipV4(), fc.ipV6()),
      fc.nat(128),
      (address, base, length) => {
        const family = isIP(base) === 4 ? 'ipv4' : 'ipv6';
        const prefix = Math.min(length, family === 'ipv4' ? 32 : 128);
        const parsed = parseAddress(address);
        expect(parsed).not.toBeNull();
        // The platform does not see an IPv4 address in a short IPv6 network's range of mapped addresses as we do.
        if (parsed === null || (isIP(address) === 6 && parsed.bits === 32) || /^::ffff:/i.test(base)) return;
        const list = new BlockList();
        list.addSubnet(base, prefix, family);
        const mixed = isIP(address) !== isIP(base);
        expect(isInNetwork(parsed, `${base}/${prefix}`)).toBe(
          !mixed && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'),
        );
      },
    ),
  );
});

test('one visitor is an IPv4 address, or the /64 of an IPv6 address', () => {
  expect(visitorOf('192.0.2.1')).toBe(visitorOf('::ffff:192.0.2.1'));
  expect(visitorOf('192.0.2.1')).not.toBe(visitorOf('192.0.2.2'));
  expect(visitorOf('2001:db8:0:1::1')).toBe(visitorOf('2001:db8:0:1:ffff::9'));
  expect(visitorOf('2001:db8:0:1::1')).not.toBe(visitorOf('2001:db8:0:2::1'));
  expect(visitorOf(null)).toBe(visitorOf('nonsense'));
});
