/// Where the function writes to.
#[derive(Debug, PartialEq)]
pub struct Settings {
    pub bucket: String,
    pub table: String,
}

impl Settings {
    /// Reads `S3_BUCKET_NAME` and `DYNAMODB_TABLE`; the error names every one that is missing or empty.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let value = |name| variable(name).filter(|value| !value.is_empty()).ok_or(name);
        match (value("S3_BUCKET_NAME"), value("DYNAMODB_TABLE")) {
            (Ok(bucket), Ok(table)) => Ok(Self { bucket, table }),
            (bucket, table) => {
                let missing: Vec<&str> = [bucket.err(), table.err()].into_iter().flatten().collect();
                Err(format!("missing environment variables: {}", missing.join(", ")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn names_every_missing_variable() {
        let error = Settings::read(|_| None).unwrap_err();
        assert_eq!(
            error,
            "missing environment variables: S3_BUCKET_NAME, DYNAMODB_TABLE"
        );
    }

    #[test]
    fn takes_an_empty_variable_for_missing() {
        let only_bucket = |name: &str| Some(if name == "S3_BUCKET_NAME" { "b" } else { "" }.into());
        let error = Settings::read(only_bucket).unwrap_err();
        assert_eq!(error, "missing environment variables: DYNAMODB_TABLE");
    }

    #[test]
    fn reads_both() {
        let settings = Settings::read(|name| Some(name.to_lowercase())).unwrap();
        assert_eq!(settings.bucket, "s3_bucket_name");
        assert_eq!(settings.table, "dynamodb_table");
    }
}
