"""What one would write in Python: requests, one session, kept alive.

peer.py REQUESTS URL CA_FILE|-: prints the CPU time of the whole process in
microseconds.
"""

import resource
import sys

import requests

KEY = "sk-0123456789abcdef0123456789abcdef"
ACCOUNT = "aae1e103-bca5-9fa1-ba8c-42058b4abf28"


def change(session, portal, account, authority):
    answer = session.put(
        f"{portal}/api/2.0/settings/tfaappnewapp",
        json={"type": "None", "id": account},
        verify=authority,
        timeout=60,
    )
    answer.raise_for_status()
    return answer.json()["response"]


def main(count, portal, authority):
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {KEY}"
        session.headers["Accept"] = "application/json"
        for _ in range(int(count)):
            change(session, portal, ACCOUNT, authority if authority != "-" else True)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(round((used.ru_utime + used.ru_stime) * 1e6))


main(*sys.argv[1:])
