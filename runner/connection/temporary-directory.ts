import { type Script, sh } from './script.ts';

/**
 * Makes a private directory of this name at the first place where the user may write and programs may be run, and prints
 * its path. Places that are mounted noexec come last.
 */
export const temporaryDirectoryScript = (name: string): Script => sh`
umask 077
fallback=
for place in "\${TMPDIR:-/tmp}" /tmp /var/tmp "$HOME"; do
  path=\${place%/}/${name}
  mkdir "$path" 2>/dev/null || continue
  printf '#!/bin/sh\\n' >"$path/try" && chmod 700 "$path/try" || { rm -rf "$path"; continue; }
  if "$path/try" 2>/dev/null; then
    rm -f "$path/try"
    [ -z "$fallback" ] || rm -rf "$fallback"
    printf %s "$path"
    exit 0
  fi
  rm -f "$path/try"
  if [ -z "$fallback" ]; then fallback=$path; else rmdir "$path"; fi
done
printf %s "$fallback"
[ -n "$fallback" ]`;
