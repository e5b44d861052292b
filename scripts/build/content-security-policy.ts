import type { Plugin } from 'vite';
import { CONTENT_SECURITY_POLICY } from '../policy.mjs';

/**
 * Puts the policy into the built page as well, for hosts that send no headers of ours. Not while developing: the dev server
 * needs an inline script. Nothing in the policy is among what a meta tag cannot carry (frame-ancestors, sandbox, reports).
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
