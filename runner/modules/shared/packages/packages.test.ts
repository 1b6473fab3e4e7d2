import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseInstalled, parsePolicy, parseProviders } from './apt/probe.ts';
import { compareDebianVersions } from './debian-version.ts';
import { parsePackageSpec, patternSource } from './package-spec.ts';

test('versions are ordered as dpkg orders them', () => {
  const versions = [
    '1.0',
    '1.0~rc1',
    '1.0-1',
    '1:0.9',
    '1.10',
    '1.9',
    '1.0+b1',
    '0',
    '1.0a',
    '1.0.',
    '2~~',
    '2~',
    '2',
    '1-0',
  ];
  for (const left of versions) {
    for (const right of versions) {
      const order = compareDebianVersions(left, right);
      const operator = order < 0 ? 'lt' : order > 0 ? 'gt' : 'eq';
      expect(() => execFileSync('dpkg', ['--compare-versions', left, operator, right])).not.toThrow();
    }
  }
});

describe('package specs', () => {
  test.each([
    ['foo', 'foo', undefined, undefined],
    ['foo=1.2*', 'foo', '=', '1.2*'],
    ['foo>=1:2', 'foo', '>=', '1:2'],
    ['foo:i386=1', 'foo:i386', '=', '1'],
  ])('%s', (text, name, operator, version) => {
    expect(parsePackageSpec(text)).toEqual({ text, name, operator, version });
  });

  test('patterns become extended regular expressions', () => {
    expect(patternSource('a.b')).toBe('a\\.b');
  });
});

describe("apt's answers", () => {
  test('policy', () => {
    const text = `bash:
  Installed: 5.2.15-2+b8
  Candidate: 5.2.15-2+b13
  Version table:
     5.2.15-2+b13 500
        500 http://mirror.example/debian bookworm/main amd64 Packages
 *** 5.2.15-2+b8 100
        100 /var/lib/dpkg/status
mta:
  Installed: (none)
  Candidate: (none)
  Version table:`;
    expect(parsePolicy(text)).toEqual(
      new Map([
        ['bash', { candidate: '5.2.15-2+b13', versions: ['5.2.15-2+b13', '5.2.15-2+b8'] }],
        ['mta', { candidate: undefined, versions: [] }],
      ]),
    );
  });

  test('providers', () => {
    const text = `Package: awk
Versions: 

Reverse Depends: 
  base-files,awk
Dependencies: 
Provides: 
Reverse Provides: 
mawk 1.3.4 (= )
gawk 1:5.2.1-2 (= )
gawk 1:5.2.0 (= )`;
    expect(parseProviders(text)).toEqual(new Map([['awk', ['mawk', 'gawk']]]));
  });

  test('dpkg with two architectures: the installed one answers for the plain name', () => {
    const packages = parseInstalled('libc6\ti386\trc \t1\nlibc6\tamd64\tii \t2\nold\tall\trc \t3');
    expect(packages.get('libc6')).toMatchObject({ architecture: 'amd64', isInstalled: true, version: '2' });
    expect(packages.get('libc6:i386')).toMatchObject({ isInstalled: false, hasFiles: true });
    expect(packages.get('old')).toMatchObject({ isInstalled: false, hasFiles: true });
  });
});
