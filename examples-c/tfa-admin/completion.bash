# bash completion for tfa-admin, printed by: tfa-admin completion bash
_tfa_admin()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= each
    COMPREPLY=()
    case $before in
        --portal|-p) return ;;
        --key-file|-k) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --ca-file) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --proxy) return ;;
        --timeout) return ;;
        --method|-m) COMPREPLY=($(compgen -W "none sms app" -- "$word")); return ;;
        --confirm-host) return ;;
        --status) COMPREPLY=($(compgen -W "active terminated pending" -- "$word")); return ;;
        --role) COMPREPLY=($(compgen -W "owner admin room-admin user guest" -- "$word")); return ;;
        --journal) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --list) COMPREPLY=($(compgen -f -- "$word")); return ;;
        --column) return ;;
        --parallel) return ;;
        --requests-per-minute) return ;;
        --writes-per-day) return ;;
    esac
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case ",check,change,sessions,find,list,policy,bulk,bulk report,bulk end-sessions,bulk salvage,whoami,completion," in
            *",${command:+$command }$each,"*) command=${command:+$command }$each ;;
        esac
    done
    case $command in
        '') COMPREPLY=($(compgen -W "check change sessions find list policy bulk whoami completion --help --version" -- "$word")); return ;;
        policy) [[ $word == -* ]] || COMPREPLY=($(compgen -W "show set" -- "$word")) ;;
        sessions) [[ $word == -* ]] || COMPREPLY=($(compgen -W "end" -- "$word")) ;;
        bulk\ *) [[ $word == -* ]] || COMPREPLY=($(compgen -f -- "$word")) ;;
        bulk) [[ $word == -* ]] || COMPREPLY=($(compgen -f -W "report end-sessions salvage" -- "$word")) ;;
        completion) COMPREPLY=($(compgen -W "bash" -- "$word")) ;;
    esac
    [[ $word == -* ]] || return
    case $command in
        "check") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --help --version" -- "$word")) ;;
        "change") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --method --dry-run --yes --no-verify --wait --help --version" -- "$word")) ;;
        "sessions") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --yes --help --version" -- "$word")) ;;
        "find") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --help --version" -- "$word")) ;;
        "list") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --status --role --ids --help --version" -- "$word")) ;;
        "policy") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --method --dry-run --yes --confirm-host --help --version" -- "$word")) ;;
        "bulk") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --method --dry-run --yes --no-verify --wait --journal --resume --no-journal --include-self --retry-unknown --check-list --column --parallel --requests-per-minute --writes-per-day --help --version" -- "$word")) ;;
        "bulk report") COMPREPLY=($(compgen -W "--json --list --column --help --version" -- "$word")) ;;
        "bulk end-sessions") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --method --yes --include-self --all --requests-per-minute --help --version" -- "$word")) ;;
        "bulk salvage") COMPREPLY=($(compgen -W "--json --help --version" -- "$word")) ;;
        "whoami") COMPREPLY=($(compgen -W "--portal --key-file --ca-file --proxy --timeout --json --verbose --help --version" -- "$word")) ;;
        "completion") COMPREPLY=($(compgen -W "--help --version" -- "$word")) ;;
    esac
}
complete -o filenames -F _tfa_admin tfa-admin
