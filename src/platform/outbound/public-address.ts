import { lookup as resolveAddress, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The networks in IANA's special-purpose registries, and the public address of Azure's metadata service. */
const unreachableIpv4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  unreachableIpv4.addSubnet(network, prefix, 'ipv4');
}

/** Only global unicast is allowed. That also excludes every form that wraps an IPv4 address (mapped, NAT64). */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');
const unreachableIpv6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  unreachableIpv6.addSubnet(network, prefix, 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !unreachableIpv4.check(address, 'ipv4');
    case 6:
      return globalIpv6.check(address, 'ipv6') && !unreachableIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** The part of `dns.lookup` that is used here. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const forbiddenAddress = 'EFORBIDDENADDRESS';

/** Checks the code, because the layers in between wrap the error and keep only the code. */
export function isForbiddenAddressError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === forbiddenAddress;
}

/**
 * A lookup that yields allowed addresses or fails. The socket connects to the checked address without a second lookup, so DNS
 * rebinding (another answer between check and use) has no effect.
 */
export function allowedLookup(
  isAllowed: (address: string) => boolean,
  resolve: Resolve = resolveAddress,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) {
        callback(error ?? new Error('no address'), '');
      } else if (!addresses.every(({ address }) => isAllowed(address))) {
        callback(Object.assign(new Error('forbidden address'), { code: forbiddenAddress }), '');
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

/** A lookup that yields public addresses or fails. */
export const publicLookup = (resolve?: Resolve): LookupFunction => allowedLookup(isPublicAddress, resolve);
