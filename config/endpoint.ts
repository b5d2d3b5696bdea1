import { isIP } from 'node:net';

/**
 * Whether a URL names its host by an IP address, or as `localhost`: nothing can be put before such a name, neither a bucket
 * (so S3 must be addressed by path) nor an account ID.
 */
export function hasIpHost(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || host === 'localhost';
}
