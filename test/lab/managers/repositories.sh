# Makes small repositories for dnf, zypper and pacman, and tells them of these. Runs once, in a system that has all three.
set -eu
export LC_ALL=C HOME=/root SOURCE_DATE_EPOCH=1704164645
work=$(mktemp -d)
mkdir -p /srv/rpms /srv/rpms-more /srv/rpms-signed /srv/pkgs /srv/pkgs-old

# Usage: make_rpm NAME EPOCH VERSION LINES [FOLDER]: builds a package with one file; the lines are for its spec.
make_rpm() {
  folder=${5:-$1}
  {
    printf 'Name: %s\nEpoch: %s\nVersion: %s\nRelease: 1\nSummary: A package for tests\nLicense: MIT\nBuildArch: noarch\n' "$1" "$2" "$3" |
      grep -v '^Epoch: 0$'
    printf '%s\n' "$4"
    printf '%%description\nA package for tests.\n%%install\nmkdir -p %%{buildroot}/opt/%s\necho %s >%%{buildroot}/opt/%s/version\n' "$folder" "$3" "$folder"
    printf '%%files\n/opt/%s\n' "$folder"
  } >"$work/$1.spec"
  rpmbuild --quiet -bb --define "_topdir $work/build" --define "_rpmdir $work/out" --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
    --define 'use_source_date_epoch_as_buildtime 1' --define '_buildhost lab' --define 'clamp_mtime_to_source_date_epoch 1' "$work/$1.spec"
}

for version in 1.0 1.1 2.0; do make_rpm lab-hello 0 $version ''; done
make_rpm lab-base 0 1.0 'Provides: lab-virtual = 1.0'
make_rpm lab-extra 0 1.0 ''
make_rpm lab-app 0 1.0 'Requires: lab-base
Requires: lab-hello >= 1.1
Recommends: lab-extra'
make_rpm lab-app 0 1.1 'Requires: lab-base
Requires: lab-hello >= 1.1
Recommends: lab-extra'
for version in 1.0 2.0; do make_rpm lab-epoch 1 $version ''; done
make_rpm lab-system 0 1.0 ''
make_rpm lab-broken 0 1.0 'Requires: lab-not-there'
make_rpm lab-enemy 0 1.0 'Conflicts: lab-base'
make_rpm lab-clash 0 9.9 '' lab-extra
make_rpm lab-a-package-whose-name-is-so-long-that-no-table-has-room-for-it 0 1.0 ''
make_rpm lab-old 0 1.0 ''
make_rpm lab-new 0 1.0 'Obsoletes: lab-old < 2.0
Provides: lab-old = 2.0'
for version in 1.0 1.1; do make_rpm lab-held 0 $version ''; done
mv "$work"/out/*.rpm /srv/rpms
make_rpm lab-more 0 1.0 ''
mv "$work"/out/*.rpm /srv/rpms-more
for name in lab-signed lab-unsigned; do make_rpm $name 0 1.0 ''; done
mv "$work"/out/*.rpm /srv/rpms-signed

mkdir -m 700 "$work/gnupg"
gpg="gpg --homedir $work/gnupg --batch --quiet"
$gpg --passphrase '' --quick-gen-key 'Lab <lab@lab.test>' rsa2048 sign never
$gpg --armor --export >/srv/rpms-signed/lab.asc
$gpg --passphrase '' --quick-gen-key 'Other <other@lab.test>' rsa2048 sign never
$gpg --armor --export other@lab.test >/srv/rpms-signed/other.asc
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name Lab' --define "_gpg_path $work/gnupg" --addsign /srv/rpms-signed/lab-signed-*.rpm >/dev/null
gpgconf --homedir "$work/gnupg" --kill all

cat >"$work/comps.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE comps PUBLIC "-//Red Hat, Inc.//DTD Comps info//EN" "comps.dtd">
<comps>
  <group>
    <id>lab-tools</id><name>Lab Tools</name><description>For tests.</description>
    <default>false</default><uservisible>true</uservisible>
    <packagelist>
      <packagereq type="mandatory">lab-base</packagereq>
      <packagereq type="default">lab-epoch</packagereq>
      <packagereq type="optional">lab-extra</packagereq>
    </packagelist>
  </group>
  <environment>
    <id>lab-environment</id><name>Lab Environment</name><description>For tests.</description>
    <grouplist><groupid>lab-tools</groupid></grouplist>
  </environment>
</comps>
END
cat >"$work/updateinfo.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<updates>
  <update from="lab@lab.test" status="final" type="security" version="1">
    <id>LAB-1</id><title>lab-hello</title><issued date="2024-01-02 03:04:05"/><updated date="2024-01-02 03:04:05"/>
    <severity>Important</severity><description>A hole in it.</description>
    <pkglist><collection short="lab"><name>lab</name>
      <package name="lab-hello" version="2.0" release="1" epoch="0" arch="noarch"><filename>lab-hello-2.0-1.noarch.rpm</filename></package>
    </collection></pkglist>
  </update>
  <update from="lab@lab.test" status="final" type="bugfix" version="1">
    <id>LAB-2</id><title>lab-held</title><issued date="2024-01-02 03:04:05"/><updated date="2024-01-02 03:04:05"/>
    <description>A mistake in it.</description>
    <pkglist><collection short="lab"><name>lab</name>
      <package name="lab-held" version="1.1" release="1" epoch="0" arch="noarch"><filename>lab-held-1.1-1.noarch.rpm</filename></package>
    </collection></pkglist>
  </update>
</updates>
END
createrepo_c --quiet --groupfile "$work/comps.xml" /srv/rpms
modifyrepo_c --mdtype=updateinfo "$work/updateinfo.xml" /srv/rpms/repodata >/dev/null
createrepo_c --quiet /srv/rpms-more
createrepo_c --quiet /srv/rpms-signed

repository() {
  printf '[%s]\nname=%s\nbaseurl=file:///srv/%s\nenabled=%s\ngpgcheck=%s\n' "$1" "$2" "$3" "$4" "$5"
}
mkdir -p /etc/yum.repos.d /etc/zypp/repos.d
{
  repository lab 'Lab' rpms 1 0
  repository lab-more 'Lab, more' rpms-more 0 0
  repository lab-signed 'Lab, signed' rpms-signed 0 1
  echo gpgkey=file:///srv/rpms-signed/lab.asc
} >/etc/yum.repos.d/lab.repo
{
  repository lab 'Lab' rpms 1 0
  repository lab-more 'Lab, more' rpms-more 0 0
} >/etc/zypp/repos.d/lab.repo
# Debian's rpm has a database a user; on systems that live by rpm there is one.
mkdir -p /etc/rpm
echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
rpm --initdb
# zypper cannot do with a system of no package at all.
dnf -q -y install lab-system 2>/dev/null

# Usage: make_pkg FOLDER NAME VERSION LINES: builds a package of pacman's with one file; the lines are for its description.
make_pkg() {
  rm -rf "$work/pkg"
  mkdir -p "$work/pkg/opt/pacman/$2"
  echo "$3" >"$work/pkg/opt/pacman/$2/version"
  printf 'pkgname = %s\npkgbase = %s\npkgver = %s\npkgdesc = A package for tests\nbuilddate = %s\npackager = lab\nsize = 4\narch = any\n' \
    "$2" "$2" "$3" $SOURCE_DATE_EPOCH >"$work/pkg/.PKGINFO"
  [ -z "$4" ] || printf '%s\n' "$4" >>"$work/pkg/.PKGINFO"
  tar -C "$work/pkg" --sort=name --mtime=@$SOURCE_DATE_EPOCH --owner=0 --group=0 --zstd -cf "$1/$2-$3-any.pkg.tar.zst" .PKGINFO opt
}
make_pkg /srv/pkgs-old lab-hello 1.0-1 'group = lab-tools'
make_pkg /srv/pkgs-old lab-held 1.0-1 ''
make_pkg /srv/pkgs-old lab-file 1.0-1 ''
make_pkg /srv/pkgs-old lab-library 1.0-1 ''
make_pkg /srv/pkgs-old lab-system 1.0-1 'depend = lab-library'
make_pkg /srv/pkgs lab-hello 2.0-1 'group = lab-tools'
make_pkg /srv/pkgs lab-held 1.1-1 ''
make_pkg /srv/pkgs lab-base 1.0-1 'group = lab-tools
provides = lab-virtual=1.0'
make_pkg /srv/pkgs lab-extra 1.0-1 ''
make_pkg /srv/pkgs lab-app 1.0-1 'depend = lab-base
depend = lab-hello>=1.1
backup = opt/pacman/lab-app/version'
make_pkg /srv/pkgs lab-broken 1.0-1 'depend = lab-not-there'
make_pkg /srv/pkgs lab-enemy 1.0-1 'conflict = lab-base'
repo-add -q /srv/pkgs/lab.db.tar.gz /srv/pkgs/*.pkg.tar.zst
cat >/etc/pacman.conf <<'END'
[options]
Architecture = auto
IgnorePkg = lab-held
SigLevel = Never
LocalFileSigLevel = Never
[lab]
Server = file:///srv/pkgs
END
mkdir -p /var/lib/pacman
pacman -Sy --noconfirm >/dev/null
# A system has packages that were asked for, and packages that others need.
pacman -U --noconfirm --asdeps /srv/pkgs-old/lab-library-*.pkg.tar.zst >/dev/null
pacman -U --noconfirm /srv/pkgs-old/lab-system-*.pkg.tar.zst >/dev/null

chmod -R a+rX /srv
rm -rf "$work"
