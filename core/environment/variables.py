"""Every environment variable that Labelspace acts on. To add one: a field here, its use, and a line in docs/settings.md (a test asks for it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from core.environment import kinds
from core.environment.reader import variable
from core.environment.space import Space

DAY = 24 * 3600
ADDRESS, DATA, DATABASE, DURABILITY, FIRST, PEOPLE, OPENID, SESSIONS, LABELING, STORAGE, OUTGOING, MODELS, MAIL, PROCESS = (
    "Address",
    "Data directory and keys",
    "Database",
    "Copies off this machine",
    "First account",
    "People and tokens",
    "Signing in with another server's account",
    "Sessions and cookies",
    "Labeling and importing",
    "Storages",
    "Outgoing requests",
    "Connected models",
    "Mail",
    "Processes and logs",
)


@dataclass(frozen=True, kw_only=True)
class Variables:
    # Address:
    host: str = variable(
        "HOST",
        kinds.public_url,
        "",
        "The address people type, with a path when a proxy serves Labelspace under one. Links in mails and invitations are made from it.",
        prefixed=True,
        group=ADDRESS,
    )
    port: int = variable(
        "PORT",
        kinds.integer(0, 65535),
        8080,
        "The port to listen on. When it is not set and 8080 is taken, the next free one; when it is set and taken, the start stops. 0 means any free port.",
        prefixed=True,
        group=ADDRESS,
        shown="8080; 7860 on a Space",
    )
    internal_host: str = variable(
        "INTERNAL_HOST",
        kinds.text,
        "0.0.0.0",
        "The network address to listen on; 127.0.0.1 for this machine only.",
        group=ADDRESS,
        bare=False,
    )
    tls_cert: Path | None = variable(
        "TLS_CERT",
        kinds.path,
        None,
        "A certificate (PEM, with its chain): together with TLS_KEY the server itself speaks https. Cookies then travel over https only.",
        group=ADDRESS,
    )
    tls_key: Path | None = variable("TLS_KEY", kinds.path, None, "The certificate's private key (PEM, without passphrase).", group=ADDRESS)
    basic_auth: str = variable(
        "BASIC_AUTH",
        kinds.name_and_password,
        "",
        "`user:password` that a browser must give before it sees anything (HTTP Basic authentication), the same for everybody; people still sign in with their own accounts. Health checks and requests with a valid API token need none. `--basic-auth` sets it from --username and --password.",
        prefixed=True,
        group=ADDRESS,
        secret=True,
    )
    allowed_hosts: tuple[str, ...] = variable(
        "ALLOWED_HOSTS", kinds.words, ("*",), "Host names that requests may name. On a Space: the Space's own.", group=ADDRESS
    )
    csrf_trusted_origins: tuple[str, ...] = variable(
        "CSRF_TRUSTED_ORIGINS",
        kinds.origins,
        (),
        "Other addresses whose pages may post forms here, for example the public one when LABEL_STUDIO_HOST is not set and a proxy changes it.",
        group=ADDRESS,
    )
    trusted_proxy_count: int = variable(
        "TRUSTED_PROXY_COUNT",
        kinds.integer(0, 10),
        0,
        "How many proxies of yours stand in front. As many addresses of X-Forwarded-For are believed, and X-Forwarded-Proto when it is at least 1.",
        group=ADDRESS,
        shown="0; 1 on a Space",
    )
    frame_ancestors: tuple[str, ...] = variable(
        "FRAME_ANCESTORS",
        kinds.origins,
        (),
        "Sites that may show Labelspace in a frame, besides itself. On a Space huggingface.co may.",
        group=ADDRESS,
    )

    # Data directory and keys:
    data_dir: Path | None = variable(
        "BASE_DATA_DIR",
        kinds.path,
        None,
        "Where the SQLite database, uploaded files, exports, backups and the generated key are.",
        prefixed=True,
        group=DATA,
        shown="~/.local/share/labelspace",
    )
    secret_key: str = variable(
        "SECRET_KEY",
        kinds.text,
        "",
        "Signs sessions and tokens and encrypts stored credentials: at least 32 characters. When it is not set, one is made once and kept in the file `secret_key` of the data directory.",
        group=DATA,
        shown="made once",
        secret=True,
    )
    storage_persistence: bool | None = variable(
        "STORAGE_PERSISTENCE",
        kinds.boolean,
        None,
        "Whether the data directory survives a restart. False shows a warning on every page.",
        group=DATA,
        shown="true; false on a Space",
    )

    # Database:
    django_db: str = variable(
        "DJANGO_DB",
        kinds.choice("sqlite", "default", postgresql="default", postgres="default"),
        "sqlite",
        "`sqlite`, or `default` for PostgreSQL.",
        group=DATABASE,
    )
    database_url: str = variable(
        "DATABASE_URL",
        kinds.text,
        "",
        "One address instead of DJANGO_DB and POSTGRE_*: postgresql://user:password@host:5432/name?sslmode=require or sqlite:////absolute/path.",
        group=DATABASE,
        secret=True,
    )
    database_name: Path | None = variable(
        "DATABASE_NAME", kinds.path, None, "The SQLite file.", group=DATABASE, shown="labelspace.sqlite3 in the data directory"
    )
    postgre_name: str = variable("POSTGRE_NAME", kinds.text, "postgres", "PostgreSQL: the database.", group=DATABASE)
    postgre_user: str = variable("POSTGRE_USER", kinds.text, "postgres", "PostgreSQL: the user.", group=DATABASE)
    postgre_password: str = variable("POSTGRE_PASSWORD", kinds.text, "", "PostgreSQL: the password.", group=DATABASE, secret=True)
    postgre_host: str = variable(
        "POSTGRE_HOST", kinds.text, "localhost", "PostgreSQL: the host, or the folder of its socket.", group=DATABASE
    )
    postgre_port: int = variable("POSTGRE_PORT", kinds.integer(1, 65535), 5432, "PostgreSQL: the port.", group=DATABASE)

    # Copies off this machine:
    durable_target: str = variable(
        "DURABLE_TARGET",
        kinds.text,
        "",
        "Where the SQLite database is copied to, second by second, and restored from at the start when this disk has none: a folder, `s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix`, `hf://buckets/owner/name`, `hf://datasets/owner/name`, or `off`. The keys are those of STORAGE_* and HF_TOKEN.",
        group=DURABILITY,
        shown="the bucket of STORAGE_TYPE (of the Hub: one beside it, <name>-database); on a Space else a private bucket when HF_TOKEN is set, else /data when that is a writable volume; else off",
    )
    durable_ack: bool = variable(
        "DURABLE_ACK",
        kinds.boolean,
        False,
        "Answer a change only when it has been copied off this machine (some 20 ms later with a folder, more with a cloud).",
        group=DURABILITY,
    )
    hf_token: str = variable(
        "HF_TOKEN",
        kinds.text,
        "",
        "A token of Hugging Face with write access, for copies, datasets and the Space itself.",
        group=DURABILITY,
        secret=True,
    )
    hf_endpoint: str = variable(
        "HF_ENDPOINT", kinds.text, "", "Another address of the Hugging Face Hub.", group=DURABILITY, shown="https://huggingface.co"
    )

    training_scripts: str = variable(
        "TRAINING_SCRIPTS",
        kinds.text,
        "",
        "A folder of scripts that train a model, for trainings on this machine.",
        group=DURABILITY,
    )
    training_queue: str = variable(
        "TRAINING_QUEUE",
        kinds.text,
        "",
        "The private dataset on the Hub that keeps the queue of trainings.",
        group=DURABILITY,
        shown="the Space's name with -training",
    )
    training_hardware: str = variable(
        "TRAINING_HARDWARE",
        kinds.text,
        "cpu-basic",
        "The Space hardware for trainings that a tasks.csv in the queue asks for.",
        group=DURABILITY,
    )

    # First account:
    username: str = variable(
        "USERNAME",
        kinds.email,
        "",
        "E-mail address of an account that is made, or given LABEL_STUDIO_PASSWORD again, at every start. The first account of all owns the organization. Without prefix it counts only together with PASSWORD and when it is an e-mail address.",
        prefixed=True,
        group=FIRST,
    )
    password: str = variable("PASSWORD", kinds.text, "", "That account's password.", prefixed=True, group=FIRST, secret=True)
    user_token: str = variable(
        "USER_TOKEN",
        kinds.text,
        "",
        "That account's legacy API token: at least 6 characters. Setting it also switches legacy tokens on.",
        prefixed=True,
        group=FIRST,
        secret=True,
    )

    # People and tokens:
    disable_signup_without_link: bool | None = variable(
        "DISABLE_SIGNUP_WITHOUT_LINK",
        kinds.boolean,
        None,
        "True: only people with an invitation can sign up. False: anybody can. Not set: open, and the owner can close it on the organization page; on a Space closed as soon as an owner exists.",
        prefixed=True,
        group=PEOPLE,
    )
    signup_role: str = variable(
        "SIGNUP_ROLE",
        kinds.choice("administrator", "manager", "reviewer", "annotator"),
        "manager",
        "The role of people who sign up without an invitation or by the organization's link, for a new organization: administrator, manager, reviewer or annotator. Later it is chosen on the organization page.",
        group=PEOPLE,
    )
    enable_legacy_api_token: bool = variable(
        "ENABLE_LEGACY_API_TOKEN",
        kinds.boolean,
        False,
        "Whether a new organization starts with legacy API tokens (`Authorization: Token …`) switched on.",
        prefixed=True,
        group=PEOPLE,
    )

    multi_session: bool = variable(
        "MULTI_SESSION",
        kinds.boolean,
        False,
        "Each new browser gets a guest account with a project of its own, and needs no password; `start-multi-session` sets it. People with accounts sign in at /user/login/?account=1.",
        group=PEOPLE,
    )
    guest_keep_days: int = variable(
        "GUEST_KEEP_DAYS",
        kinds.integer(0, 36_500),
        90,
        "Days after which the projects of a guest whom nobody has seen are deleted, with the guest. 0 keeps them for ever.",
        group=PEOPLE,
    )

    # Signing in with another server's account:
    oauth_client_id: str = variable(
        "OAUTH_CLIENT_ID",
        kinds.text,
        "",
        "This server's number at the OpenID Connect issuer: people then sign in with their account there. A Space with `hf_oauth: true` sets this and the next two itself. The issuer must know the redirect address `https://…/user/oidc/callback`.",
        group=OPENID,
    )
    oauth_client_secret: str = variable("OAUTH_CLIENT_SECRET", kinds.text, "", "Its secret there.", group=OPENID, secret=True)
    openid_provider_url: str = variable(
        "OPENID_PROVIDER_URL",
        kinds.public_url,
        "",
        "The issuer's address, below which is `/.well-known/openid-configuration`.",
        group=OPENID,
        shown="https://huggingface.co on a Space",
    )
    oauth_scopes: tuple[str, ...] = variable(
        "OAUTH_SCOPES",
        kinds.words,
        ("openid", "profile", "email"),
        "What is asked for. `read-memberships` tells people's roles in Hugging Face organizations.",
        group=OPENID,
    )
    oauth_allowed_users: tuple[str, ...] = variable(
        "OAUTH_ALLOWED_USERS",
        kinds.words,
        (),
        "Who comes in without approval: Hugging Face user names, elsewhere subjects; anywhere e-mail addresses that the issuer has verified. They get the role of SIGNUP_ROLE.",
        group=OPENID,
    )
    oauth_allowed_organizations: tuple[str, ...] = variable(
        "OAUTH_ALLOWED_ORGANIZATIONS",
        kinds.words,
        (),
        "Whose members come in without approval: Hugging Face organizations, elsewhere groups (claim `groups`). A Space's own organization always counts. Roles there become roles here: admin administrator (owner in the Space's own organization), write manager, contributor and read annotator; untold, that of SIGNUP_ROLE.",
        group=OPENID,
    )

    # Sessions and cookies:
    session_cookie_secure: bool | None = variable(
        "SESSION_COOKIE_SECURE",
        kinds.boolean,
        None,
        "Send cookies over https only.",
        group=SESSIONS,
        shown="true when LABEL_STUDIO_HOST is https, or on a Space",
    )
    session_cookie_samesite: str | None = variable(
        "SESSION_COOKIE_SAMESITE",
        kinds.same_site,
        None,
        "Lax, Strict or None. None (needs https) lets Labelspace work inside another site's frame.",
        group=SESSIONS,
        shown="Lax; None on a Space",
    )
    max_session_age: int = variable(
        "MAX_SESSION_AGE", kinds.integer(60, 366 * DAY), 14 * DAY, "Seconds after which everybody signs in again.", group=SESSIONS
    )
    max_time_between_activity: int = variable(
        "MAX_TIME_BETWEEN_ACTIVITY",
        kinds.integer(60, 366 * DAY),
        3 * DAY,
        "Seconds without a request after which a session ends.",
        group=SESSIONS,
    )

    # Labeling and importing:
    task_lock_ttl: int = variable(
        "TASK_LOCK_TTL",
        kinds.integer(10, 30 * DAY),
        3600,
        "Seconds a task handed out stays reserved for a client that does not renew. (Our editor renews, and is given 15 minutes at a time.)",
        group=LABELING,
    )

    # Storages:
    storage_type: str = variable(
        "STORAGE_TYPE",
        kinds.choice("s3", "gcs", "azure", "hub", gs="gcs"),
        "",
        "Keep uploads, pictures of people and exports in a bucket instead of the data directory: `s3`, `gcs`, `azure` or `hub` (Hugging Face).",
        group=STORAGE,
    )
    storage_aws_access_key_id: str = variable(
        "STORAGE_AWS_ACCESS_KEY_ID", kinds.text, "", "S3: access key. Without one, what the machine gives (AWS_*, a role).", group=STORAGE
    )
    storage_aws_secret_access_key: str = variable(
        "STORAGE_AWS_SECRET_ACCESS_KEY", kinds.text, "", "S3: secret key.", group=STORAGE, secret=True
    )
    storage_aws_bucket_name: str = variable("STORAGE_AWS_BUCKET_NAME", kinds.text, "", "S3: the bucket.", group=STORAGE)
    storage_aws_region_name: str = variable("STORAGE_AWS_REGION_NAME", kinds.text, "", "S3: its region.", group=STORAGE)
    storage_aws_endpoint_url: str = variable(
        "STORAGE_AWS_ENDPOINT_URL", kinds.text, "", "S3: the address of a server that is not Amazon's, as of MinIO.", group=STORAGE
    )
    storage_aws_folder: str = variable("STORAGE_AWS_FOLDER", kinds.text, "", "S3: a folder of the bucket.", group=STORAGE)
    storage_gcs_bucket_name: str = variable("STORAGE_GCS_BUCKET_NAME", kinds.text, "", "Google: the bucket.", group=STORAGE)
    storage_gcs_project_id: str = variable("STORAGE_GCS_PROJECT_ID", kinds.text, "", "Google: the project it belongs to.", group=STORAGE)
    storage_gcs_endpoint: str = variable(
        "STORAGE_GCS_ENDPOINT", kinds.text, "", "Google: the address of a server that is not Google's.", group=STORAGE
    )
    storage_gcs_folder: str = variable("STORAGE_GCS_FOLDER", kinds.text, "", "Google: a folder of the bucket.", group=STORAGE)
    google_application_credentials: str = variable(
        "GOOGLE_APPLICATION_CREDENTIALS",
        kinds.text,
        "",
        "Google: the server's own credentials, as the path of a JSON file or as the JSON itself.",
        group=STORAGE,
        secret=True,
    )
    storage_azure_account_name: str = variable("STORAGE_AZURE_ACCOUNT_NAME", kinds.text, "", "Azure: the storage account.", group=STORAGE)
    storage_azure_account_key: str = variable(
        "STORAGE_AZURE_ACCOUNT_KEY",
        kinds.text,
        "",
        "Azure: its key. Without one, what the machine gives (a managed identity).",
        group=STORAGE,
        secret=True,
    )
    storage_azure_container_name: str = variable("STORAGE_AZURE_CONTAINER_NAME", kinds.text, "", "Azure: the container.", group=STORAGE)
    storage_azure_endpoint: str = variable(
        "STORAGE_AZURE_ENDPOINT", kinds.text, "", "Azure: the address of a server that is not Microsoft's.", group=STORAGE
    )
    storage_azure_folder: str = variable("STORAGE_AZURE_FOLDER", kinds.text, "", "Azure: a folder of the container.", group=STORAGE)
    storage_hub_bucket: str = variable(
        "STORAGE_HUB_BUCKET",
        kinds.text,
        "",
        "Hugging Face: the bucket, like `ann/media`; it is made, private, when it is missing. Its key is HF_TOKEN.",
        group=STORAGE,
    )
    storage_hub_folder: str = variable("STORAGE_HUB_FOLDER", kinds.text, "", "Hugging Face: a folder of the bucket.", group=STORAGE)
    media_cache: int = variable(
        "MEDIA_CACHE_MB",
        kinds.integer(0, 10_000_000),
        2_048,
        "Megabytes of the disk that keep what was read from buckets, the least used going first. 0 keeps nothing.",
        group=STORAGE,
    )
    upload_quota: int = variable(
        "UPLOAD_QUOTA_MB",
        kinds.integer(0, 1_000_000_000),
        0,
        "Megabytes that an organization's uploads may take in all; the same file counts once. 0: as much as there is room for.",
        group=STORAGE,
    )
    clamd_socket: str = variable(
        "CLAMD_SOCKET",
        kinds.text,
        "",
        "ClamAV's clamd looks at every upload: the path of its socket, or host:port. When it does not answer, nothing is taken.",
        group=STORAGE,
    )
    strip_gps: bool = variable(
        "STRIP_GPS", kinds.boolean, False, "Take the place where a picture was taken (EXIF and XMP) out of uploads.", group=STORAGE
    )
    local_files_serving_enabled: bool = variable(
        "LOCAL_FILES_SERVING_ENABLED",
        kinds.boolean,
        False,
        "Let managers connect folders of this machine, below LOCAL_FILES_DOCUMENT_ROOT, as storages.",
        group=STORAGE,
    )
    local_files_document_root: Path = variable(
        "LOCAL_FILES_DOCUMENT_ROOT",
        kinds.path,
        Path("/"),
        "The folder below which such folders must lie.",
        group=STORAGE,
    )
    storage_ambient_credentials: bool = variable(
        "STORAGE_AMBIENT_CREDENTIALS",
        kinds.boolean,
        False,
        "Lend the server's own cloud credentials (AWS_* variables, instance roles, Application Default Credentials, managed identities, AZURE_BLOB_ACCOUNT_*) to storages without keys: whoever may make a storage can then read what the server can.",
        group=STORAGE,
    )
    azure_blob_account_name: str = variable("AZURE_BLOB_ACCOUNT_NAME", kinds.text, "", "Azure: the account that is lent.", group=STORAGE)
    azure_blob_account_key: str = variable("AZURE_BLOB_ACCOUNT_KEY", kinds.text, "", "Azure: its key.", group=STORAGE, secret=True)
    sync_on_target_storage_creation: bool = variable(
        "SYNC_ON_TARGET_STORAGE_CREATION",
        kinds.boolean,
        True,
        "Write all annotations to a new target storage at once.",
        group=STORAGE,
    )
    future_save_task_to_storage: bool = variable(
        "FUTURE_SAVE_TASK_TO_STORAGE",
        kinds.boolean,
        False,
        "Target storages hold one object per task, with all its annotations, instead of one per annotation.",
        group=STORAGE,
    )
    future_save_task_to_storage_json_ext: bool = variable(
        "FUTURE_SAVE_TASK_TO_STORAGE_JSON_EXT",
        kinds.boolean,
        True,
        "Those objects' names end in .json.",
        group=STORAGE,
    )

    # Outgoing requests:
    ssrf_protection_enabled: bool = variable(
        "SSRF_PROTECTION_ENABLED",
        kinds.boolean,
        True,
        "Refuse to fetch from private and local networks on behalf of users.",
        group=OUTGOING,
    )
    user_additional_banned_subnets: tuple[str, ...] = variable(
        "USER_ADDITIONAL_BANNED_SUBNETS", kinds.networks, (), "More networks that are refused.", group=OUTGOING
    )
    allowed_internal_hosts: tuple[str, ...] = variable(
        "ALLOWED_INTERNAL_HOSTS",
        kinds.words,
        (),
        "Hosts (exact names or addresses, with :port for a particular one) that may be asked although they are internal.",
        group=OUTGOING,
    )

    # Connected models:
    chat_url: str = variable(
        "CHAT_URL",
        kinds.text,
        "",
        "Where the Chat tag's `llm` is asked: an address that speaks OpenAI's chat completions, like https://host/v1/chat/completions. It may be an internal one. Without it people write both sides.",
        group=MODELS,
    )
    chat_api_key: str = variable("CHAT_API_KEY", kinds.text, "", "The key for CHAT_URL, sent as a bearer token.", group=MODELS, secret=True)
    ml_connection_timeout: float = variable(
        "ML_CONNECTION_TIMEOUT", kinds.seconds(0.1, 60), 1.0, "Seconds to reach a connected model's server.", group=MODELS
    )
    ml_timeout_default: float = variable(
        "ML_TIMEOUT_DEFAULT", kinds.seconds(0.1, 600), 100.0, "Seconds for a model's answers that no other setting names.", group=MODELS
    )
    ml_timeout_health: float = variable("ML_TIMEOUT_HEALTH", kinds.seconds(0.1, 60), 1.0, "Seconds for a sign of life.", group=MODELS)
    ml_timeout_setup: float = variable(
        "ML_TIMEOUT_SETUP", kinds.seconds(0.1, 60), 3.0, "Seconds to load the project's set-up.", group=MODELS
    )
    ml_timeout_predict: float = variable(
        "ML_TIMEOUT_PREDICT",
        kinds.seconds(0.1, 600),
        100.0,
        "Seconds for predictions, when the model's own time-out is not set.",
        group=MODELS,
    )
    ml_timeout_train: float = variable(
        "ML_TIMEOUT_TRAIN", kinds.seconds(0.1, 40), 30.0, "Seconds to accept the start of a training.", group=MODELS
    )

    # Mail:
    email_host: str = variable(
        "EMAIL_HOST",
        kinds.text,
        "",
        "The mail server. Without one no mail is sent: an administrator copies invitation and password links.",
        group=MAIL,
    )
    email_port: int = variable("EMAIL_PORT", kinds.integer(1, 65535), 587, "Its port.", group=MAIL)
    email_host_user: str = variable("EMAIL_HOST_USER", kinds.text, "", "The user name to sign in with there.", group=MAIL)
    email_host_password: str = variable(
        "EMAIL_HOST_PASSWORD", kinds.text, "", "The password to sign in with there.", group=MAIL, secret=True
    )
    email_security: str = variable(
        "EMAIL_SECURITY", kinds.choice("starttls", "tls", "none"), "starttls", "starttls, tls or none.", group=MAIL
    )
    from_email: str = variable("FROM_EMAIL", kinds.text, "", "The sender of mails.", group=MAIL, shown="Labelspace <labelspace@host>")

    # Processes and logs:
    debug: bool = variable(
        "DEBUG",
        kinds.boolean,
        False,
        "For developers: error pages with stack traces. Refused when LABEL_STUDIO_HOST is a public address.",
        group=PROCESS,
    )
    log_level: str = variable(
        "LOG_LEVEL",
        kinds.choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "WARNING",
        "DEBUG, INFO, WARNING, ERROR or CRITICAL.",
        group=PROCESS,
    )
    json_log: bool = variable("JSON_LOG", kinds.boolean, False, "Write each log line as a JSON object.", group=PROCESS)
    web_concurrency: int | None = variable(
        "WEB_CONCURRENCY",
        kinds.integer(1, 64),
        None,
        "Web processes.",
        group=PROCESS,
        shown="as many as CPU cores (CPU_CORES and MEMORY on a Space), at most 4",
    )
    web_threads: int = variable("WEB_THREADS", kinds.integer(1, 256), 8, "Threads in each web process.", group=PROCESS)
    use_gevent: bool = variable(
        "USE_GEVENT",
        kinds.boolean,
        False,
        "Web processes with gevent's greenlets in place of threads (needs the extra `gevent`): many slow connections cost little. Best with PostgreSQL.",
        group=PROCESS,
    )
    web_server: str | None = variable(
        "WEB_SERVER",
        kinds.choice("gunicorn", "waitress"),
        None,
        "`gunicorn`, or `waitress`: one process of threads, which needs nothing that only Unix has.",
        group=PROCESS,
        shown="gunicorn; waitress on Windows",
    )

    space: Space = field(default_factory=Space)  # what a Hugging Face Space says of itself
    sources: dict[str, str] = field(default_factory=dict)  # field name → full name of the variable its value came from
