import ipaddr from 'ipaddr.js';

export type IpVersion = 4 | 6;

/** An address with the length of its network's prefix, as netaddr's IPNetwork: 10.0.0.5/24. */
export class IpNetwork {
  readonly version: IpVersion;
  readonly value: bigint;
  readonly prefix: number;

  constructor(version: IpVersion, value: bigint, prefix: number) {
    this.version = version;
    this.value = value;
    this.prefix = prefix;
  }
  /** How many bits an address has. */
  get width(): number {
    return widthOf(this.version);
  }
  /** How many addresses there are in the network. */
  get size(): bigint {
    return 1n << BigInt(this.width - this.prefix);
  }
  get hostmask(): bigint {
    return this.size - 1n;
  }
  get netmask(): bigint {
    return ((1n << BigInt(this.width)) - 1n) ^ this.hostmask;
  }
  get first(): bigint {
    return this.value & this.netmask;
  }
  get last(): bigint {
    return this.first + this.hostmask;
  }
  /** None where the network has but one or two addresses. */
  get broadcast(): bigint | undefined {
    return this.width - this.prefix <= 1 ? undefined : this.last;
  }
  /** The address alone. */
  get ip(): string {
    return this.show(this.value);
  }
  /** The network without the bits of the host. */
  get cidr(): IpNetwork {
    return new IpNetwork(this.version, this.first, this.prefix);
  }
  /** Another address of the same version. Throws a RangeError beyond the last one. */
  show(value: bigint): string {
    return formatIp(this.version, value);
  }
  contains(other: IpNetwork): boolean {
    return this.version === other.version && this.first <= other.first && other.last <= this.last;
  }
  toString(): string {
    return `${this.ip}/${this.prefix}`;
  }
}

const widthOf = (version: IpVersion): number => (version === 4 ? 32 : 128);

/** An address as text. Throws a RangeError for a number that is none. */
export const formatIp = (version: IpVersion, value: bigint): string => {
  const width = widthOf(version);
  if (value < 0n || value >= 1n << BigInt(width)) throw new RangeError(`${value} is no IPv${version} address`);
  const bytes = Array.from({ length: width / 8 }, (_, index) =>
    Number((value >> BigInt(width - 8 * (index + 1))) & 255n),
  );
  if (version === 4) return bytes.join('.');
  // As the C library writes those that hold an IPv4 address.
  const isMapped = value >> 32n === 0xffffn;
  const isCompatible = value >> 32n === 0n && value >> 16n !== 0n;
  if (isMapped || isCompatible) return `::${isMapped ? 'ffff:' : ''}${bytes.slice(12).join('.')}`;
  return new ipaddr.IPv6(bytes).toRFC5952String();
};

/** Reads an address, with four numbers in an IPv4 one; undefined when it is none. */
export const parseIp = (text: string): { version: IpVersion; value: bigint } | undefined => {
  const isFour = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){3}$/.test(text);
  if (!isFour && (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text))) return undefined;
  if (isFour && !ipaddr.IPv4.isValid(text)) return undefined;
  const bytes = isFour ? ipaddr.IPv4.parse(text).toByteArray() : ipaddr.IPv6.parse(text).toByteArray();
  return { version: isFour ? 4 : 6, value: bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) };
};

// `10.1` is 10.1.0.0.
const expandPartial = (text: string): string | undefined => {
  if (!/^\d+(?:\.\d+){0,3}\.?$/.test(text)) return undefined;
  const parts = text.replace(/\.$/, '').split('.');
  return [...parts, '0', '0', '0'].slice(0, 4).join('.');
};

const onesIn = (value: bigint): number => value.toString(2).replaceAll('0', '').length;

// `/24`, `/255.255.255.0` and `/0.0.0.255` say the same.
const parsePrefix = (text: string | undefined, version: IpVersion): number | undefined => {
  const width = widthOf(version);
  if (text === undefined) return width;
  if (/^\d+$/.test(text)) return Number(text) <= width ? Number(text) : undefined;
  const mask = parseIp(text);
  if (!mask || mask.version !== version) return undefined;
  const all = (1n << BigInt(width)) - 1n;
  const host = mask.value ^ all;
  if ((host & (host + 1n)) === 0n) return width - onesIn(host);
  return (mask.value & (mask.value + 1n)) === 0n ? width - onesIn(mask.value) : undefined;
};

/** Reads an address or a network as netaddr's IPNetwork does; undefined when it is none. */
export const parseNetwork = (text: string): IpNetwork | undefined => {
  const [address = '', mask, ...more] = text.split('/');
  if (more.length > 0) return undefined;
  const ip = parseIp(address) ?? parseIp(expandPartial(address) ?? '');
  const prefix = ip && parsePrefix(mask, ip.version);
  return ip && prefix !== undefined ? new IpNetwork(ip.version, ip.value, prefix) : undefined;
};

/** A network from its number; undefined when the number is no address of that version. */
export const networkOf = (version: IpVersion, value: bigint, prefix: number): IpNetwork | undefined =>
  value >= 0n && value < 1n << BigInt(widthOf(version)) && prefix >= 0 && prefix <= widthOf(version)
    ? new IpNetwork(version, value, prefix)
    : undefined;
