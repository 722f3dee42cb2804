//! The core as a Python module, for `handler.py` beside it: Python keeps the runtime, Rust does the work.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use rust_core::{Answer, Function};
use tokio::runtime::{Builder, Runtime};

#[pymodule]
mod duel_core {
    #[pymodule_export]
    use super::PyFunction;
}

/// What one execution environment keeps between invocations.
#[pyclass(frozen, name = "Function")]
struct PyFunction {
    function: Function,
    // An execution environment serves one invocation at a time: a second thread would have nothing to do.
    runtime: Runtime,
}

#[pymethods]
impl PyFunction {
    /// Init: reads the environment and makes the clients. Raises RuntimeError that names what is missing.
    #[new]
    fn new() -> PyResult<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let made = runtime.block_on(Function::from_env());
        let function = made.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(Self { function, runtime })
    }

    /// One invocation, as a Function URL response.
    fn invoke<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let answer = py.detach(|| self.runtime.block_on(self.function.invoke()));
        response(py, answer)
    }
}

fn response(py: Python<'_>, answer: Answer) -> PyResult<Bound<'_, PyDict>> {
    let headers = PyDict::new(py);
    headers.set_item("content-type", answer.headers.content_type)?;
    headers.set_item("x-execution-environment", answer.headers.x_execution_environment)?;
    headers.set_item("x-invocation", answer.headers.x_invocation)?;
    headers.set_item("server-timing", answer.headers.server_timing)?;
    let response = PyDict::new(py);
    response.set_item("statusCode", answer.status_code)?;
    response.set_item("headers", headers)?;
    response.set_item("body", answer.body)?;
    Ok(response)
}
