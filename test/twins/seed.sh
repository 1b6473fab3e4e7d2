# Puts on a fresh host what the playbook finds there. For Debian, and for a host that has busybox only.
set -e
umask 022
top=/srv/twin
mkdir -p $top/conf $top/data $top/tree/sub/deeper $top/tree/other $top/parts $top/rubbish/inner $top/unpacked $top/unpacked-there
cd $top
printf 'name = app\nport = 80\n# remove me\nlevel = 1\n' >conf/app.conf
printf '# hosts\n127.0.0.1 localhost\n192.0.2.7\told.example.com alias\n# from\none\ntwo\n# to\n# BEGIN OLD\ngone\n# END OLD\n' >conf/hosts
printf '[main]\nlevel = 1\n\n[other]\nx=y\n' >conf/settings.ini
printf 'git.example.com ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7\nold.example.com ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7\n' >conf/known_hosts
echo old >data/old
echo text >data/text
chmod 0640 data/text
echo rubbish >rubbish/inner/file
echo 'a needle in it' >tree/hay.txt
echo nothing >tree/sub/other.md
echo 'needle here' >tree/sub/deeper/deep.txt
chmod 0777 tree/other
ln -s conf/app.conf link
printf 'b = 2\n' >parts/20-b.conf
printf 'a = 1\n' >parts/10-a.conf
printf 'no' >parts/ignored.txt
# The same times everywhere, so that archives and backups are the same.
find . ! -type l -exec touch -t 202401020304.05 {} +
tar -cf there.tar tree
gzip -n there.tar

if [ ! -e /etc/debian_version ]; then
  # Debian's busybox has no adduser.
  echo 'member:x:1001:1001::/home/member:/bin/sh' >>/etc/passwd
  echo 'member:x:1001:' >>/etc/group
  mkdir -p /home/member /etc/cron.d
  chown 1001:1001 /home/member
  exit 0
fi

useradd -m -s /bin/sh member
useradd -m -s /bin/sh leaving
groupadd unused
printf '#Ansible: leaving\n* * * * * true\n#Ansible: staying\n@daily true\n' | crontab -
for unit in seeded masked; do
  printf '[Unit]\nDescription=%s\n[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/true\n[Install]\nWantedBy=multi-user.target\n' \
    $unit >/etc/systemd/system/$unit.service
done
mv /etc/systemd/system/masked.service /lib/systemd/system/masked.service
systemctl daemon-reload
systemctl -q enable seeded
apt-get -qq update
# Only now, since to look for that server takes long.
echo 'deb http://old.example.com/debian stable main' >/etc/apt/sources.list.d/old.list
