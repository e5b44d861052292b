import type { Plugin } from 'vite';
import { CONTENT_SECURITY_POLICY } from '../policy.mjs';

/**
 * Puts the policy into the built page as well, for hosts that do not send our headers. Not in development: the dev
 * server needs an inline script. A meta tag cannot carry frame-ancestors, sandbox and reports; the policy uses none of
 * them.
 */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
