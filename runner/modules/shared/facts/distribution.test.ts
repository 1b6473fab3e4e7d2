import { describe, expect, it } from 'vitest';
import { distribution } from './distribution.ts';
import { readDump } from './dump.ts';

/** What the script brings from a host that has these files. */
const factsOf = (files: Record<string, string>, exists: string[] = []): Record<string, unknown> => {
  const lines = Object.entries(files).flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`));
  const output = `\x1eword files\n${lines.join('\n')}\n\x1eword exists\n${exists.join('\n')}\n`;
  return distribution.read(readDump(Buffer.from(output), 'word'), {}, () => {});
};

// The files that the distributions ship, shortened to what matters.
describe('distribution', () => {
  it('knows Ubuntu', () => {
    expect(
      factsOf({
        '/etc/os-release':
          'PRETTY_NAME="Ubuntu 22.04.4 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION="22.04.4 LTS (Jammy Jellyfish)"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian',
        '/etc/lsb-release': 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04',
      }),
    ).toMatchObject({
      distribution: 'Ubuntu',
      distribution_version: '22.04',
      distribution_major_version: '22',
      distribution_release: 'jammy',
      os_family: 'Debian',
      distribution_file_variety: 'Debian',
    });
  });

  it('knows Rocky Linux', () => {
    expect(
      factsOf({
        '/etc/os-release':
          'NAME="Rocky Linux"\nVERSION="9.3 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\nPRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"',
        '/etc/redhat-release': 'Rocky Linux release 9.3 (Blue Onyx)',
        '/etc/rocky-release': 'Rocky Linux release 9.3 (Blue Onyx)',
      }),
    ).toMatchObject({
      distribution: 'Rocky',
      distribution_version: '9.3',
      distribution_major_version: '9',
      distribution_release: 'Blue Onyx',
      distribution_file_path: '/etc/redhat-release',
      distribution_file_variety: 'RedHat',
      os_family: 'RedHat',
    });
  });

  it('knows CentOS 7 with its minor version, and CentOS Stream', () => {
    const centos7 = factsOf({
      '/etc/os-release':
        'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nVERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"',
      '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)',
      '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)',
    });
    expect(centos7).toMatchObject({
      distribution: 'CentOS',
      distribution_version: '7.9',
      distribution_major_version: '7',
      distribution_release: 'Core',
      os_family: 'RedHat',
    });
    const stream = factsOf({
      '/etc/os-release':
        'NAME="CentOS Stream"\nVERSION="9"\nID="centos"\nVERSION_ID="9"\nPRETTY_NAME="CentOS Stream 9"',
      '/etc/centos-release': 'CentOS Stream release 9',
      '/etc/redhat-release': 'CentOS Stream release 9',
    });
    expect(stream).toMatchObject({
      distribution: 'CentOS',
      distribution_version: '9',
      distribution_release: 'Stream',
      os_family: 'RedHat',
    });
  });

  it('knows Red Hat Enterprise Linux and Fedora', () => {
    expect(
      factsOf({
        '/etc/os-release':
          'NAME="Red Hat Enterprise Linux"\nVERSION="8.6 (Ootpa)"\nID="rhel"\nVERSION_ID="8.6"\nPRETTY_NAME="Red Hat Enterprise Linux 8.6 (Ootpa)"',
        '/etc/redhat-release': 'Red Hat Enterprise Linux release 8.6 (Ootpa)',
      }),
    ).toMatchObject({
      distribution: 'RedHat',
      distribution_version: '8.6',
      distribution_release: 'Ootpa',
      distribution_file_search_string: 'Red Hat',
      os_family: 'RedHat',
    });
    expect(
      factsOf({
        '/etc/os-release':
          'NAME="Fedora Linux"\nVERSION="38 (Server Edition)"\nID=fedora\nVERSION_ID=38\nVERSION_CODENAME=""',
        '/etc/redhat-release': 'Fedora release 38 (Thirty Eight)',
      }),
    ).toMatchObject({
      distribution: 'Fedora',
      distribution_version: '38',
      distribution_release: '',
      os_family: 'RedHat',
    });
  });

  it('knows Alpine', () => {
    expect(
      factsOf({
        '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.18.4\nPRETTY_NAME="Alpine Linux v3.18"',
        '/etc/alpine-release': '3.18.4',
      }),
    ).toMatchObject({
      distribution: 'Alpine',
      distribution_version: '3.18.4',
      distribution_major_version: '3',
      distribution_release: 'NA',
      os_family: 'Alpine',
    });
  });

  it('knows SUSE and openSUSE', () => {
    expect(
      factsOf({
        '/etc/os-release':
          'NAME="openSUSE Leap"\nVERSION="15.5"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.5"\nPRETTY_NAME="openSUSE Leap 15.5"',
      }),
    ).toMatchObject({
      distribution: 'openSUSE Leap',
      distribution_version: '15.5',
      distribution_major_version: '15',
      distribution_release: '5',
      os_family: 'Suse',
    });
    expect(
      factsOf({
        '/etc/os-release':
          'NAME="SLES"\nVERSION="15-SP4"\nVERSION_ID="15.4"\nPRETTY_NAME="SUSE Linux Enterprise Server 15 SP4"\nID="sles"\nID_LIKE="suse"',
      }),
    ).toMatchObject({
      distribution: 'SLES',
      distribution_version: '15.4',
      distribution_release: '4',
      os_family: 'Suse',
    });
  });

  it('knows Arch by an empty file', () => {
    expect(factsOf({ '/etc/os-release': 'NAME="Arch Linux"\nID=arch' }, ['/etc/arch-release'])).toMatchObject({
      distribution: 'Archlinux',
      distribution_version: 'NA',
      os_family: 'Archlinux',
    });
  });

  it('takes the name that an unknown distribution gives itself', () => {
    expect(factsOf({ '/etc/os-release': 'NAME="Void"\nID="void"' })).toMatchObject({
      distribution: 'Void',
      distribution_file_variety: 'NA',
      os_family: 'Void',
    });
  });
});
