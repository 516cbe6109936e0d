// The client address of a request: a header of the client changes it only if a trusted proxy passed it on.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { createClientAddress, networkOf, widerNetworkOf } from '../../src/identity/client-address.ts';
import { startApp } from '../support/start-app.ts';

const PEER = '127.0.0.1';

/** What a server with this trust takes for the client of a request over loopback that carries this header. */
async function addressOf(trusted: number | readonly string[], forwarded?: string): Promise<string> {
  const clientAddress = createClientAddress(trusted);
  // Both families at once: IPv4 clients then have addresses such as ::ffff:127.0.0.1.
  const server = createServer((request, response) => response.end(clientAddress(request))).listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
  const address = await (await fetch(`http://${PEER}:${port}`, { headers })).text();
  server.close();
  server.closeAllConnections();
  return address;
}

test.each([undefined, '', '203.0.113.5', '203.0.113.5, 198.51.100.7', '::1', 'unknown'])(
  'with no trusted proxy a forged X-Forwarded-For of %j changes nothing',
  async (forwarded) => {
    expect(await addressOf(0, forwarded)).toBe(PEER);
  },
);

test.each<[trusted: number | readonly string[], forwarded: string | undefined, address: string]>([
  [1, undefined, PEER],
  [1, '203.0.113.5', '203.0.113.5'],
  [1, 'forged, 192.0.2.1, 203.0.113.5', '203.0.113.5'],
  [2, '192.0.2.1, 203.0.113.5, 198.51.100.7', '203.0.113.5'],
  [2, '198.51.100.7', '198.51.100.7'],
  [1, '::FFFF:203.0.113.5', '203.0.113.5'],
  [1, '2001:DB8:0::1', '2001:db8::1'],
  [['loopback'], '192.0.2.1, 203.0.113.5', '203.0.113.5'],
  [['127.0.0.0/8', '198.51.100.0/24'], '192.0.2.1, 203.0.113.5, 198.51.100.7', '203.0.113.5'],
  [['10.0.0.0/8'], '203.0.113.5', PEER],
  [1, '203.0.113.5:54321', '203.0.113.5'],
  [1, '[2001:db8::1]', '2001:db8::1'],
  [1, '[2001:db8::1]:443', '2001:db8::1'],
  [1, '"[2001:DB8::1]:443"', '2001:db8::1'],
  [1, '2001:db8::1:443', '2001:db8::1:443'],
  [1, '192.0.2.1:1,203.0.113.5:2', '203.0.113.5'],
  [1, ' , 203.0.113.5 ,', '203.0.113.5'],
  [2, '192.0.2.1:1, [2001:db8::1]:2, 198.51.100.7:3', '2001:db8::1'],
  [['127.0.0.0/8', '198.51.100.0/24'], '192.0.2.1:1, 203.0.113.5:2, 198.51.100.7:3', '203.0.113.5'],
  [['loopback', '2001:db8:1::/48'], '192.0.2.1, 203.0.113.5:2, [2001:db8:1::7]:3', '203.0.113.5'],
])('with %j trusted, the client of %j is %s', async (trusted, forwarded, address) => {
  expect(await addressOf(trusted, forwarded)).toBe(address);
});

test.each([
  'unknown',
  '_hidden',
  '203.0.113.5:x',
  '203.0.113.5:',
  '[203.0.113.5',
  '1',
  '0x7f.1',
  '203.0.113.5 1',
  'a:1',
])('text that is not an address, such as %s, is ignored, even from a trusted proxy', async (forwarded) => {
  expect(await addressOf(1, forwarded)).toBe(PEER);
});

test('the clients behind a proxy that adds ports are limited one by one, whatever their ports', async () => {
  const app = await startApp({ AUTH: 'required', RATE_LIMIT: '2', TRUST_PROXY: 'loopback' });
  const statusFor = async (forwarded: string) =>
    (await app.request('/api/services', { headers: { 'X-Forwarded-For': forwarded } })).status;
  expect(await statusFor('192.0.2.1:1001')).toBe(200);
  expect(await statusFor('192.0.2.1:1002')).toBe(200);
  expect(await statusFor('192.0.2.1:1003')).toBe(429);
  expect(await statusFor('192.0.2.2:1001')).toBe(200);
  expect(await statusFor('[2001:db8::1]:1001')).toBe(200);
  await app.close();
});

test('a wider network is a /24 of IPv4 or a /48 of IPv6', () => {
  expect(widerNetworkOf('2001:db8:1:2::1')).toBe(widerNetworkOf('2001:db8:1:ffff::2'));
  expect(widerNetworkOf('2001:db8:1::1')).not.toBe(widerNetworkOf('2001:db8:2::1'));
  expect(widerNetworkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:2::1'));
  expect(widerNetworkOf('203.0.113.5')).toBe(widerNetworkOf('203.0.113.250'));
  expect(widerNetworkOf('203.0.113.5')).not.toBe(widerNetworkOf('203.0.114.5'));
  expect(widerNetworkOf('')).toBe('');
});

test('the hosts of an IPv6 network count as one, those of an IPv4 network do not', () => {
  expect(networkOf('2001:db8::1')).toBe(networkOf('2001:db8:0:0:ffff::2'));
  expect(networkOf('2001:db8::1')).not.toBe(networkOf('2001:db8:0:1::1'));
  expect(networkOf('203.0.113.5')).toBe('203.0.113.5');
  expect(networkOf('')).toBe('');
});
