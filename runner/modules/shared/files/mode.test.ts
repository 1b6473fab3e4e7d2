import { describe, expect, it } from 'vitest';
import { ModuleFailure } from '../../../errors/index.ts';
import { chmodWord, modeText, resolveMode } from './mode.ts';

const base = { mode: 0o644, isDirectory: false, umask: 0o027 };

describe('modes', () => {
  // [mode, present bits, is a folder, bits afterwards] under umask 027, as ansible-core 2.14 works them out.
  it.each<[string, number, boolean, number]>([
    ['u+xxr,+x', 2369, true, 2377],
    ['ugo+u', 2447, true, 2495],
    ['g+tot', 2055, false, 2111],
    ['g=u,a-xr', 3445, true, 2048],
    ['go++w', 1102, false, 1118],
    ['g+gtr', 3497, true, 3497],
    ['a+=w', 1756, false, 146],
    ['u=,uo=', 3511, false, 1072],
    ['ug-+xtX', 2706, true, 2778],
    ['u-x', 3655, false, 3591],
    ['=g', 2902, true, 146],
    ['g+oo-t', 2881, false, 2889],
    ['o=oug=', 1201, false, 1200],
    ['ugo-', 528, true, 528],
    ['ugo+u+wx', 2220, false, 2303],
    ['uo-=', 1386, false, 1064],
    ['ugo+ot-g', 2875, true, 2560],
    ['g+=', 957, true, 901],
    ['ug-gx=', 2147, true, 3],
    ['o+s=xxr', 2908, false, 2397],
    ['uo=rru', 962, true, 455],
    ['g=', 3056, true, 3008],
    ['g-rso,-', 3797, true, 2773],
    ['a-ggs', 610, true, 578],
    ['o+u', 859, false, 863],
    ['ug+Xt=', 3781, true, 517],
    ['uo+tu=', 1436, true, 1048],
    ['o=', 391, true, 384],
    ['o-Xru-xt', 3238, false, 3232],
    ['go-x-wsu', 290, true, 256],
    ['go=orw', 2510, true, 2550],
    ['g-g+', 2639, false, 2631],
    ['go-g-gXX', 2652, false, 2628],
    ['u+gor', 1201, true, 1521],
    ['g=ss', 1885, false, 1861],
    ['uo=gXt', 3394, true, 1601],
    ['go-,u-Xt', 2046, false, 1982],
    ['ugo-=rx', 861, true, 365],
    ['=urg', 2762, false, 507],
    ['u-', 779, false, 779],
  ])('%s on %o, folder: %s', (mode, present, isDirectory, expected) => {
    expect(resolveMode(mode, { mode: present, isDirectory, umask: 0o027 }, 'f')).toBe(expected);
  });

  it('reads octal text and ints', () => {
    for (const text of ['0644', '644', '0o644', ' 644 ']) expect(resolveMode(text, base, 'f')).toBe(0o644);
    expect(resolveMode(420, base, 'f')).toBe(0o644);
  });

  it('refuses what is neither', () => {
    for (const text of ['rwx', '8', 'u=q', 'x+r', 'ua+x']) {
      expect(() => resolveMode(text, base, 'f'), text).toThrow(ModuleFailure);
    }
  });

  it('takes symbols that ask for nothing, as a template may leave them', () => {
    for (const text of ['', 'u', 'u+']) expect(resolveMode(text, base, 'f')).toBe(0o644);
  });

  it('shows modes as results and chmod want them', () => {
    expect([modeText(0o644), modeText(0o4755), modeText(0), chmodWord(0o755)]).toEqual([
      '0644',
      '04755',
      '0000',
      '00755',
    ]);
  });
});
