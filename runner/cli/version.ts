/** The version of this package. */
export const version = '0.1.0';

/** What --version shows. */
export const versionText = (): string =>
  `muster [core ${version}]\n  language as in ansible-core 2.14\n  node ${process.version}`;
