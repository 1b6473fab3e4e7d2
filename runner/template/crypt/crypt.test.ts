import { expect, test } from 'vitest';
import { hashPassword } from './index.ts';

// Made by passlib 1.7.4.
test.each([
  [
    'sha512_crypt',
    { salt: 'ab', rounds: 1000 },
    'x'.repeat(100),
    '$6$rounds=1000$ab$LKkTDMS/DBJYODTkgfGi.GHrMycqs.mJK9RJZTUxpRDhlJ3hCKojMcmrQsLa9i2/vxd6Bhv9B5u/5cYuAMKMX0',
  ],
  ['sha256_crypt', { salt: 'saltsalt', rounds: 5000 }, 'p', '$5$saltsalt$/Ia0VGUvcTZlBslv/3JC.aadLMBB39sZz0PNMe/f7y5'],
  ['md5_crypt', { salt: 'ab' }, 'x'.repeat(100), '$1$ab$s5cdzXI1VZ8fHADCvf1uE1'],
  ['apr_md5_crypt', { salt: 'ab' }, 'p', '$apr1$ab$vv77ghmKwCAoaGfFCKWSr/'],
  [
    'bcrypt',
    { salt: 'abcdefghijklmnopqrstuu', rounds: 5 },
    'p',
    '$2b$05$abcdefghijklmnopqrstuuqwWMzKt5N8p.u2GX5MuH1t19BMWuLOW',
  ],
  [
    'pbkdf2_sha256',
    { salt: 'saltsalt' },
    'p',
    '$pbkdf2-sha256$29000$c2FsdHNhbHQ$5h4l3nttPwIzhr0L9Ix211VhN5VKW55F4AtG5S0o9H0',
  ],
  ['mysql41', {}, 'p', '*7B9EBEED26AA52ED10C0F549FA863F13C39E0209'],
])('%s', (name, options, password, hash) => {
  expect(hashPassword(password, name, options)).toBe(hash);
});

test('refuses what does not fit', () => {
  expect(() => hashPassword('p', 'nope')).toThrow("passlib does not support 'nope' algorithm");
  expect(() => hashPassword('p', 'sha512_crypt', { salt: 'b@d' })).toThrow('invalid characters in sha512_crypt salt');
  expect(() => hashPassword('p', 'bcrypt', { salt: 'short' })).toThrow('salt too small');
});
