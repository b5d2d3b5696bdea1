/** Client addresses that people look for. A file of its own: the command line reads it to know its options, and needs no more of the logs for that. */
import { BlockList, isIP } from 'node:net';

/**
 * The addresses that an address or a network such as `10.0.0.0/8` stands for.
 * @returns `undefined` if the text is neither
 */
export function addressesOf(text: string): BlockList | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const longest = version === 6 ? 128 : 32;
  if (version === 0 || more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  if (Number(bits ?? 0) > longest) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(bits ?? longest), version === 6 ? 'ipv6' : 'ipv4');
  return list;
}
