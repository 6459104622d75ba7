// What one would write for Node: fetch, which keeps connections alive.
//
// peer.mjs REQUESTS URL: prints the CPU time of the whole process in
// microseconds. NODE_EXTRA_CA_CERTS names the authority.

const KEY = "sk-0123456789abcdef0123456789abcdef";
const ACCOUNT = "aae1e103-bca5-9fa1-ba8c-42058b4abf28";

async function change(portal, account) {
    const answer = await fetch(`${portal}/api/2.0/settings/tfaappnewapp`, {
        method: "PUT",
        headers: {
            Authorization: `Bearer ${KEY}`,
            Accept: "application/json",
            "Content-Type": "application/json",
        },
        body: JSON.stringify({ type: "None", id: account }),
        signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) {
        throw new Error(`HTTP ${answer.status}`);
    }
    return (await answer.json()).response;
}

const [count, portal] = process.argv.slice(2);
for (let done = 0; done < Number(count); done++) {
    await change(portal, ACCOUNT);
}
const used = process.resourceUsage();
console.log(used.userCPUTime + used.systemCPUTime);
// What fetch keeps open would hold the process for seconds.
process.exit();
