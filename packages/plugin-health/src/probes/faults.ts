import { http } from '../http.ts';

const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed without an answer',
  EPIPE: 'connection closed without an answer',
  EHOSTUNREACH: 'host cannot be reached',
  ENETUNREACH: 'host cannot be reached',
  EADDRNOTAVAIL: 'no such address on this machine',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  HPE_HEADER_OVERFLOW: `headers over ${http.maxHeaderSize / 1024} KiB`,
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; trust it by "ca", or set "verify" to false',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an unknown authority; trust it by "ca", or set "verify" to false',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is of an unknown authority; trust it by "ca", or set "verify" to false',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate is of an unknown authority; trust it by "ca", or set "verify" to false',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name; say which by "servername"',
};

/** What went wrong with a connection, in a few words. */
export function describeFault(fault: unknown): string {
  const { code = '', message } = fault as NodeJS.ErrnoException;
  const text = known[code];
  if (text !== undefined) return text;
  if (code.startsWith('HPE_')) return `no answer by HTTP: ${message}`;
  // What speaks no TLS answers with something else than a handshake, or with nothing.
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return 'no answer by TLS';
  return message;
}
