# Prints what is on a host, for the comparison of two of them. What each host has of its own is left out.
LC_ALL=C
export LC_ALL
places='/etc /srv /home /root /opt /usr/local /var/spool/cron /var/lib/systemd/timers /lib/systemd/system'
own='( -name .ansible -o -name .ansible_async -o -path /etc/machine-id -o -path /etc/ssh/ssh_host_* -o -path /etc/ssh/lab_keys -o -path /srv/packages )'
else='( -path /etc/hosts -o -path /var/spool/cron/crontabs -o -name parts.tar )'
set -f
echo '# paths'
find $places $own -prune -o -exec stat -c '%n %F %U:%G %a' {} + 2>/dev/null | sort
echo '# links'
find $places $own -prune -o -type l -exec sh -c 'for link; do echo "$link -> $(readlink "$link")"; done' sh {} + 2>/dev/null | sort
echo '# content'
find $places $own -prune -o $else -prune -o -type f -exec sha256sum {} + 2>/dev/null | sort -k 2
echo '# /etc/hosts'
sed 's/^10\.213\.[0-9]*\./NET./' /etc/hosts
echo '# crontabs'
for user in root deploy; do
  crontab -l -u $user 2>/dev/null | grep -v '^# .* installed on '
done
echo '# hostname'
hostname
echo '# left behind'
ls -A /tmp /var/tmp | grep -v '^systemd-private'
if [ -e /etc/debian_version ]; then
  echo '# packages'
  dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\n'
  echo '# manual'
  apt-mark showmanual
  echo '# unit files'
  systemctl list-unit-files --plain --no-legend | tr -s ' '
  echo '# units'
  systemctl list-units --all --plain --no-legend | tr -s ' ' | cut -d ' ' -f 1-4 |
    grep -Ev '^(session-|user|run-|dev-|sys-|proc-|apt-daily|dpkg-db|systemd-tmpfiles-clean|systemd-(hostnamed|timedated)\.service|.*\.(scope|slice) )'
  echo '# debconf'
  debconf-show tzdata | sort
fi
if [ -e /srv/rpms ]; then
  echo '# rpm'
  rpm -qa --qf '%{NAME} %{EPOCHNUM} %{VERSION} %{RELEASE}\n' | sort
  echo '# wanted by the user'
  dnf -q repoquery --userinstalled 2>/dev/null | sort
  echo '# groups'
  dnf -q group list --installed 2>/dev/null
  echo '# pacman'
  pacman --query --explicit
  echo '# needed by others'
  pacman --query --deps
fi
echo '# end'
