import { quote, Script, shellFunction } from './script.ts';

// Above this, starting a decoder pays for itself by what is saved on the wire.
const smallest = 1024;

/**
 * Decodes base64 from "$1", lines of 76 characters, with what the target has for it. Where there is
 * no tool at all the shell does it alone, slowly.
 */
const decode = shellFunction(
  'm_decode',
  `
if command -v base64 >/dev/null 2>&1; then
  m_decode() { printf '%s\\n' "$1" | base64 -d; }
elif command -v openssl >/dev/null 2>&1; then
  m_decode() { printf '%s\\n' "$1" | openssl base64 -d; }
elif command -v uudecode >/dev/null 2>&1; then
  m_decode() { { printf 'begin-base64 600 -\\n%s\\n====\\n' "$1"; } | uudecode -o /dev/stdout; }
else
  m_decode() {
    m_abc=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
    for m_line in $1; do
      m_out=
      while [ -n "$m_line" ]; do
        m_rest=\${m_line#????} m_sum=0 m_pad=0
        m_quad=\${m_line%"$m_rest"} m_line=$m_rest
        while [ -n "$m_quad" ]; do
          m_rest=\${m_quad#?}
          m_one=\${m_quad%"$m_rest"} m_quad=$m_rest
          case $m_one in
          =) m_at= m_pad=$((m_pad + 1)) ;;
          *) m_at=\${m_abc%%"$m_one"*} ;;
          esac
          m_sum=$((m_sum * 64 + \${#m_at}))
        done
        m_a=$((m_sum / 65536)) m_b=$((m_sum / 256 % 256)) m_c=$((m_sum % 256))
        m_out=$m_out\\\\0$((m_a / 64))$((m_a / 8 % 8))$((m_a % 8))
        [ "$m_pad" = 2 ] || m_out=$m_out\\\\0$((m_b / 64))$((m_b / 8 % 8))$((m_b % 8))
        [ "$m_pad" != 0 ] || m_out=$m_out\\\\0$((m_c / 64))$((m_c / 8 % 8))$((m_c % 8))
      done
      printf %b "$m_out"
    done
  }
fi
m_decode "$1"`,
);

/**
 * A command that writes exactly these bytes to its standard output: meant for content up to some tens of kB, so that it
 * travels inside the request that uses it. Send larger content with `Target.put`. Text is printed by the shell itself;
 * larger binary content goes through the target's base64 decoder.
 */
export const emit = (content: Buffer | string): Script => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (!bytes.includes(0)) {
    const text = typeof content === 'string' ? content : bytes.toString('utf8');
    if (typeof content === 'string' || Buffer.from(text).equals(bytes)) return new Script(`printf %s ${quote(text)}`);
  }
  if (bytes.length < smallest) return new Script(`printf %b '${escapeBytes(bytes)}'`);
  const encoded = bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\n');
  return new Script(`${decode.name} '${encoded}'`, [decode]);
};

/** %b understands \0ooo, the one escape that all shells have for any byte. */
const escapeBytes = (bytes: Buffer): string => {
  let escaped = '';
  for (const byte of bytes) {
    escaped +=
      byte >= 0x20 && byte < 0x7f && byte !== 0x5c && byte !== 0x27
        ? String.fromCharCode(byte)
        : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return escaped;
};
